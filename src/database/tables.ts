// Written by `npm run db:types`. Change the schema by a migration, then run that again.

/** The driver stringifies objects on the way in; arrays and strings have to be JSON already. */
export interface Json {
  row: unknown;
  written: unknown;
}

/** Exact, so that money is never a float; numbers may be written. */
export interface Numeric {
  row: string;
  written: string | number;
}

/** May be left out of an insert. */
export interface Defaulted<T> {
  row: RowValue<T>;
  written: WrittenValue<T>;
  isOptional: true;
}

/** Computed by PostgreSQL, never written. */
export interface Computed<T> {
  row: RowValue<T>;
  written: never;
  isOptional: true;
}

/** What is read of a column. */
export type RowValue<T> = T extends { row: infer R } ? R : T;
/** What may be written to it. */
export type WrittenValue<T> = T extends { written: infer W } ? W : T;

/** Tables and views by name. */
export interface Tables {
  abandoned_holds: {
    id: Computed<number>;
    user_id: number;
    ip: string | null;
    abandoned_at: Defaulted<Date>;
  };
  addresses: {
    id: Defaulted<number>;
    user_id: number;
    name: string;
    company: string | null;
    line1: string;
    line2: string | null;
    city: string;
    postal_code: string;
    region: string | null;
    country: string;
    phone: string | null;
    is_default: Defaulted<boolean>;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  analytics_progress: {
    is_only: Defaulted<boolean>;
    counted_until: Defaulted<Date>;
    booking_id: Defaulted<number>;
    ledger_entry_id: Defaulted<number>;
    user_id: Defaulted<number>;
    seen_at: Defaulted<Date>;
    seen_booking_id: Defaulted<number>;
    seen_ledger_entry_id: Defaulted<number>;
    seen_user_id: Defaulted<number>;
  };
  analytics_revenues: {
    organizer_id: number;
    slot: Date;
    event_id: number;
    currency: string;
    gross: Defaulted<Numeric>;
    refunded: Defaulted<Numeric>;
    tax: Defaulted<Numeric>;
    kind: 'tickets' | 'goods' | 'shipping' | 'credits';
  };
  analytics_slots: {
    organizer_id: number;
    slot: Date;
    event_id: number;
    bookings: Defaulted<number>;
    tickets: Defaulted<number>;
    cancellations: Defaulted<number>;
    cancelled_tickets: Defaulted<number>;
    new_users: Defaulted<number>;
    user_ids: Defaulted<number[]>;
  };
  analytics_standing: {
    is_only: Defaulted<boolean>;
    standing: Json;
    counted_at: Date;
  };
  audit_chain: {
    position: number;
    entry_id: number;
    hash: Buffer;
  };
  audit_entries: {
    id: Computed<number>;
    actor_id: number | null;
    actor_role: string;
    action: string;
    subject_type: string;
    subject_id: number | null;
    details: Json;
    ip: string | null;
    user_agent: string | null;
    request_id: string | null;
    created_at: Defaulted<Date>;
  };
  audit_unchained: {
    entry_id: number;
  };
  billing_profiles: {
    user_id: number;
    name: string | null;
    address: string | null;
    vat_id: string | null;
    email: string | null;
    updated_at: Defaulted<Date>;
  };
  booking_items: {
    booking_id: number;
    ticket_type_id: number;
    quantity: number;
    unit_price: Numeric;
    attendees: Json | null;
    seat_ids: number[] | null;
  };
  booking_reminders: {
    booking_id: number;
    created_at: Defaulted<Date>;
    starts_at: Date;
  };
  booking_seats: {
    seat_id: number;
    booking_id: number;
    event_id: number;
    ticket_type_id: number;
  };
  bookings: {
    id: Defaulted<number>;
    reference: string;
    user_id: number;
    event_id: number;
    tickets_count: number;
    status: 'pending' | 'confirmed' | 'cancelled' | 'expired';
    total_amount: Numeric;
    discount_amount: Defaulted<Numeric>;
    currency: string;
    is_exclusive: boolean;
    request_id: string;
    cancel_request_id: string | null;
    waitlist_entry_id: number | null;
    cancel_reason: string | null;
    expires_at: Date | null;
    created_at: Defaulted<Date>;
    confirmed_at: Date | null;
    cancelled_at: Date | null;
    expired_at: Date | null;
    discount_id: number | null;
    cancellation_window_hours: Numeric | null;
    refund_policy: Json | null;
    order_id: number | null;
  };
  cart_items: {
    id: Defaulted<number>;
    cart_id: number;
    product_id: number | null;
    ticket_type_id: number | null;
    quantity: number;
    seat_ids: number[] | null;
    unit_price: Numeric;
    created_at: Defaulted<Date>;
  };
  carts: {
    id: Defaulted<number>;
    user_id: number | null;
    token_hash: Buffer | null;
    discount_code: string | null;
    version: Defaulted<number>;
    expires_at: Date | null;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  categories: {
    id: Defaulted<number>;
    parent_id: number | null;
    name: string;
    slug: string;
    description: Defaulted<string>;
    position: Defaulted<number>;
    products_count: Defaulted<number>;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  credit_balances: {
    user_id: number;
    currency: string;
    balance: Defaulted<Numeric>;
    held: Defaulted<Numeric>;
  };
  credit_entries: {
    id: Defaulted<number>;
    user_id: number;
    currency: string;
    kind: 'purchase' | 'grant' | 'spend' | 'release' | 'refund' | 'expire' | 'adjust';
    amount: Numeric;
    order_id: number | null;
    reason: string | null;
    expires_at: Date | null;
    created_by: number | null;
    created_at: Defaulted<Date>;
  };
  credit_hold_lots: {
    hold_id: number;
    lot_id: number;
    amount: Numeric;
    refunded: Defaulted<Numeric>;
  };
  credit_holds: {
    id: Defaulted<number>;
    order_id: number;
    user_id: number;
    currency: string;
    amount: Numeric;
    status: Defaulted<'held' | 'captured' | 'released'>;
    created_at: Defaulted<Date>;
    captured_at: Date | null;
    released_at: Date | null;
  };
  credit_lots: {
    id: Defaulted<number>;
    user_id: number;
    currency: string;
    entry_id: number;
    is_granted: boolean;
    amount: Numeric;
    remaining: Numeric;
    removed: Defaulted<Numeric>;
    expires_at: Date | null;
    announced_at: Date | null;
  };
  credit_products: {
    currency: string;
    product_id: number;
  };
  discounts: {
    id: Defaulted<number>;
    organizer_id: number;
    event_id: number | null;
    code: string;
    type: 'percentage' | 'fixed';
    value: Numeric;
    currency: string | null;
    max_uses: number | null;
    max_uses_per_user: number | null;
    used_count: Defaulted<number>;
    starts_at: Date | null;
    ends_at: Date | null;
    is_active: Defaulted<boolean>;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
    deleted_at: Date | null;
  };
  event_changes: {
    id: Defaulted<number>;
    event_id: number;
    before: Json;
    created_at: Defaulted<Date>;
    told_at: Date | null;
  };
  event_inventory: {
    event_id: number;
    capacity: number | null;
    sold: Defaulted<number>;
    held: Defaulted<number>;
    waiting: Defaulted<number>;
    seating: number | null;
    sale_floor: Defaulted<number>;
  };
  event_message_recipients: {
    id: Defaulted<number>;
    event_message_id: number;
    email: string;
    user_id: number | null;
    first_name: string | null;
    status: Defaulted<'waiting' | 'queued' | 'sent' | 'skipped'>;
    queued_at: Date | null;
    sent_at: Date | null;
  };
  event_messages: {
    id: Defaulted<number>;
    event_id: number;
    sender_id: number;
    subject: string;
    body: string;
    ticket_type_ids: number[] | null;
    created_at: Defaulted<Date>;
    collected_at: Date | null;
  };
  event_sales: {
    event_id: number;
    is_listed: boolean;
    starts_at: Date;
    ends_at: Date;
    min_price: Numeric | null;
    max_price: Numeric | null;
    changes_at: Date | null;
  };
  events: {
    id: Defaulted<number>;
    organizer_id: number;
    title: string;
    description: Defaulted<string>;
    category: string | null;
    tags: Defaulted<string[]>;
    venue_name: string | null;
    venue_address: string | null;
    starts_at: Date;
    ends_at: Date;
    timezone: Defaulted<string>;
    base_price: Defaulted<Numeric>;
    currency: Defaulted<string>;
    tax_rate: Defaulted<Numeric>;
    is_tax_inclusive: Defaulted<boolean>;
    status: Defaulted<'draft' | 'published' | 'completed' | 'cancelled'>;
    cancellation_window_hours: Numeric | null;
    refund_policy: Json | null;
    max_per_user: number | null;
    allow_multiple_bookings: Defaulted<boolean>;
    metadata: Defaulted<Json>;
    min_price: Defaulted<Numeric>;
    max_price: Defaulted<Numeric>;
    is_free: Computed<boolean | null>;
    popularity: Defaulted<number>;
    rescheduled_at: Date | null;
    version: Defaulted<number>;
    published_at: Date | null;
    completed_at: Date | null;
    cancelled_at: Date | null;
    deleted_at: Date | null;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
    cover_key: string | null;
    send_tickets_to_attendees: Defaulted<boolean>;
    search: Computed<string | null>;
    folded_tags: Computed<string[] | null>;
    folded_category: Computed<string | null>;
    cover_alt: string | null;
  };
  files: {
    id: Defaulted<number>;
    owner_id: number;
    key: string;
    purpose: 'file' | 'cover' | 'logo' | 'product';
    original_name: string;
    mimetype: string;
    size: number;
    width: number | null;
    height: number | null;
    variants: Defaulted<Json>;
    status: Defaulted<'pending' | 'stored'>;
    created_at: Defaulted<Date>;
    stored_at: Date | null;
  };
  fulfillment_items: {
    fulfillment_id: number;
    order_id: number;
    position: number;
    quantity: number;
  };
  fulfillments: {
    id: Defaulted<number>;
    order_id: number;
    carrier: string | null;
    tracking_number: string | null;
    tracking_url: string | null;
    created_by: number;
    created_at: Defaulted<Date>;
  };
  idempotency_keys: {
    user_id: number;
    key: string;
    fingerprint: string;
    answer: Json | null;
    created_at: Defaulted<Date>;
    expires_at: Defaulted<Date>;
    effect: Json | null;
    run_id: string | null;
  };
  installations: {
    id: Defaulted<string>;
    is_only: Defaulted<boolean>;
  };
  invoice_counters: {
    seller_id: number;
    year: number;
    last_number: number;
  };
  invoices: {
    id: Computed<number>;
    order_id: number;
    seller_id: number;
    year: number;
    number: number;
    document: Json;
    issued_at: Defaulted<Date>;
  };
  invoices_due: {
    order_id: number;
  };
  ledger_entries: {
    id: Defaulted<number>;
    transaction_id: string;
    kind: 'capture' | 'refund' | 'refund_paid' | 'refund_failed' | 'dispute' | 'dispute_reversed' | 'credit_purchase' | 'credit_grant' | 'credit_expire' | 'credit_adjust';
    account: string;
    amount: Numeric;
    currency: string;
    order_id: number | null;
    payment_id: number | null;
    refund_id: number | null;
    created_at: Defaulted<Date>;
    credit_entry_id: number | null;
    seller_id: number | null;
    event_id: number | null;
    product_id: number | null;
  };
  license_activations: {
    id: Defaulted<number>;
    license_id: number;
    fingerprint: string;
    name: string | null;
    platform: string | null;
    created_at: Defaulted<Date>;
    last_seen_at: Defaulted<Date>;
  };
  licenses: {
    id: Defaulted<number>;
    key_hash: Buffer;
    encrypted_key: Buffer;
    user_id: number;
    product_id: number;
    order_id: number | null;
    order_item_position: number | null;
    unit: number | null;
    status: Defaulted<'active' | 'suspended' | 'revoked'>;
    suspended_by: 'admin' | 'dispute' | null;
    max_activations: number | null;
    activations_count: Defaulted<number>;
    offline_days: Defaulted<number>;
    entitlements: Defaulted<Json>;
    expires_at: Date | null;
    activated_at: Date | null;
    rotated_at: Date | null;
    suspended_at: Date | null;
    revoked_at: Date | null;
    created_at: Defaulted<Date>;
  };
  message_effects: {
    message_id: number;
    handler: string;
    created_at: Defaulted<Date>;
  };
  notifications: {
    id: Defaulted<number>;
    user_id: number;
    kind: string;
    title: string;
    body: string;
    event_id: number | null;
    booking_id: number | null;
    message_id: number;
    read_at: Date | null;
    created_at: Defaulted<Date>;
  };
  order_discounts: {
    order_id: number;
    discount_id: number;
    user_id: number;
    is_active: Defaulted<boolean>;
  };
  order_downloads: {
    order_id: number;
    position: number;
    count: number;
    first_at: Defaulted<Date>;
    last_at: Defaulted<Date>;
  };
  order_item_refunds: {
    id: Defaulted<number>;
    order_id: number;
    position: number;
    quantity: number;
    amount: Numeric;
    is_restocked: Defaulted<boolean>;
    requested_by: number | null;
    created_at: Defaulted<Date>;
  };
  order_items: {
    order_id: number;
    position: number;
    ticket_type_id: number | null;
    name: string;
    quantity: number;
    unit_price: Numeric;
    discount: Numeric;
    tax: Numeric;
    kind: Defaulted<'ticket' | 'product' | 'shipping'>;
    product_id: number | null;
    booking_id: number | null;
    seller_id: number | null;
    sku: string | null;
    product_type: 'physical' | 'digital' | 'license' | 'credit' | null;
    tax_rate: Numeric | null;
    is_tax_inclusive: boolean | null;
    total: Numeric | null;
  };
  orders: {
    id: Defaulted<number>;
    order_number: string;
    user_id: number;
    event_id: number | null;
    booking_id: number | null;
    status: 'pending' | 'processing' | 'paid' | 'cancelled' | 'expired' | 'refunded' | 'partially_refunded' | 'disputed';
    customer_name: string;
    customer_email: string;
    subtotal: Numeric;
    discount: Numeric;
    tax: Numeric;
    total: Numeric;
    tax_rate: Numeric | null;
    is_tax_inclusive: boolean;
    currency: string;
    payment_id: number | null;
    created_at: Defaulted<Date>;
    processing_at: Date | null;
    paid_at: Date | null;
    cancelled_at: Date | null;
    expired_at: Date | null;
    partially_refunded_at: Date | null;
    refunded_at: Date | null;
    disputed_at: Date | null;
    billing_address: Json | null;
    request_id: string | null;
    shipping_address: Json | null;
    shipping_total: Defaulted<Numeric>;
    added_tax: Numeric | null;
    credits_applied: Defaulted<Numeric>;
    fulfillment_status: Defaulted<'none' | 'unfulfilled' | 'partial' | 'fulfilled'>;
    discount_id: number | null;
    note: string | null;
    terms_accepted_at: Date | null;
    expires_at: Date | null;
  };
  outbox_messages: {
    id: Defaulted<number>;
    topic: string;
    payload: Json;
    priority: Defaulted<number>;
    status: Defaulted<'new' | 'queued' | 'delayed' | 'done' | 'parked'>;
    request_id: string | null;
    attempts: Defaulted<number>;
    last_error: string | null;
    progress: Defaulted<number>;
    created_at: Defaulted<Date>;
    queued_at: Date | null;
    leased_until: Date | null;
    available_at: Date | null;
    done_at: Date | null;
    parked_at: Date | null;
  };
  payment_webhooks: {
    id: Defaulted<number>;
    provider: string;
    webhook_id: string;
    type: string;
    intent_id: string | null;
    received_at: Defaulted<Date>;
  };
  payments: {
    id: Defaulted<number>;
    order_id: number;
    provider: 'stripe' | 'paypal' | 'crypto' | 'sandbox';
    intent_id: string | null;
    idempotency_key: Defaulted<string>;
    client_secret: string | null;
    redirect_url: string | null;
    amount: Numeric;
    currency: string;
    status: Defaulted<'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled'>;
    captured: Defaulted<Numeric>;
    refunded: Defaulted<Numeric>;
    is_disputed: Defaulted<boolean>;
    version: Defaulted<number>;
    check_at: Defaulted<Date | null>;
    discrepancy: string | null;
    created_at: Defaulted<Date>;
    processing_at: Date | null;
    succeeded_at: Date | null;
    failed_at: Date | null;
    cancelled_at: Date | null;
    refunded_to_credits: Defaulted<Numeric>;
  };
  product_claims: {
    order_id: number;
    position: number;
    product_id: number;
    quantity: number;
    status: 'held' | 'sold' | 'released';
    restocked: Defaulted<number>;
  };
  product_images: {
    id: Defaulted<number>;
    product_id: number;
    file_key: string;
    alt_text: Defaulted<string>;
    position: number;
    created_at: Defaulted<Date>;
  };
  product_inventory: {
    product_id: number;
    stock: number | null;
    held: Defaulted<number>;
    sold: Defaulted<number>;
  };
  product_view_counts: {
    product_id: number;
    views: number;
  };
  product_views: {
    product_id: number;
    viewer: Buffer;
    counted_at: Date;
  };
  products: {
    id: Defaulted<number>;
    organizer_id: number;
    category_id: number | null;
    event_id: number | null;
    sku: string | null;
    name: string;
    slug: string;
    description: Defaulted<string>;
    product_type: 'physical' | 'digital' | 'license' | 'credit';
    price: Numeric;
    currency: string;
    tax_rate: Numeric | null;
    is_tax_inclusive: Defaulted<boolean>;
    max_per_order: number | null;
    weight_grams: number | null;
    file_id: number | null;
    license_policy: Json | null;
    credit_amount: Numeric | null;
    status: Defaulted<'draft' | 'active' | 'archived'>;
    is_available: Defaulted<boolean>;
    popularity: Defaulted<number>;
    version: Defaulted<number>;
    search: Computed<string | null>;
    first_sold_at: Date | null;
    archived_at: Date | null;
    deleted_at: Date | null;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  refresh_tokens: {
    id: Defaulted<number>;
    session_id: number;
    token_hash: Buffer;
    created_at: Defaulted<Date>;
    spent_at: Date | null;
  };
  refunds: {
    id: Defaulted<number>;
    payment_id: number | null;
    amount: Numeric;
    currency: string;
    status: Defaulted<'pending' | 'succeeded' | 'failed'>;
    cause: 'request' | 'cancellation' | 'unusable' | 'provider';
    reason: string | null;
    requested_by: number | null;
    idempotency_key: Defaulted<string>;
    provider_refund_id: string | null;
    claim_url: string | null;
    created_at: Defaulted<Date>;
    succeeded_at: Date | null;
    failed_at: Date | null;
    is_to_credits: Defaulted<boolean>;
    order_id: number | null;
  };
  returned_tickets: {
    ticket_id: number;
    returned_at: Defaulted<Date>;
  };
  sandbox_intents: {
    id: string;
    idempotency_key: string;
    amount: Numeric;
    currency: string;
    status: Defaulted<'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled'>;
    captured: Defaulted<Numeric>;
    is_disputed: Defaulted<boolean>;
    created_at: Defaulted<Date>;
  };
  sandbox_refunds: {
    id: string;
    intent_id: string;
    idempotency_key: string;
    amount: Numeric;
    created_at: Defaulted<Date>;
  };
  schedules: {
    name: string;
    next_run_at: Date;
    last_run_at: Date | null;
    last_error: string | null;
  };
  seats: {
    id: Defaulted<number>;
    event_id: number;
    ticket_type_id: number;
    section: string;
    row_name: string;
    number: string;
    section_rank: number;
    row_rank: number;
    position: number;
    is_accessible: Defaulted<boolean>;
    companion_of: number | null;
    is_blocked: Defaulted<boolean>;
    created_at: Defaulted<Date>;
    removed_at: Date | null;
  };
  sessions: {
    id: Defaulted<number>;
    user_id: number;
    ip: string;
    user_agent: string | null;
    created_at: Defaulted<Date>;
    last_used_at: Defaulted<Date>;
    expires_at: Date;
    revoked_at: Date | null;
  };
  shipping_options: {
    id: Defaulted<number>;
    name: string;
    countries: string[];
    price: Numeric;
    currency: string | null;
    free_from: Numeric | null;
    max_weight_grams: number | null;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  sign_in_failures: {
    account_hash: Buffer;
    network: string;
    failures: number;
    last_failed_at: Defaulted<Date>;
    blocked_until: Date | null;
  };
  sign_in_networks: {
    account_hash: Buffer;
    network: string;
    last_signed_in_at: Defaulted<Date>;
  };
  stock_movements: {
    id: Computed<number>;
    product_id: number;
    delta: number;
    is_unlimited: Defaulted<boolean>;
    stock: number | null;
    reason: string;
    user_id: number | null;
    created_at: Defaulted<Date>;
  };
  stranger_mail_counts: {
    sender_id: number;
    role: 'organizer' | 'booker';
    day: Date;
    mails: number;
  };
  support_message_files: {
    support_message_id: number;
    file_id: number;
  };
  support_messages: {
    id: Defaulted<number>;
    support_ticket_id: number;
    author_id: number;
    is_staff: boolean;
    body: string;
    search: Computed<string | null>;
    created_at: Defaulted<Date>;
  };
  support_notes: {
    id: Defaulted<number>;
    support_ticket_id: number;
    author_id: number;
    body: string;
    created_at: Defaulted<Date>;
  };
  support_ratings: {
    support_ticket_id: number;
    score: number;
    comment: string | null;
    created_at: Defaulted<Date>;
  };
  support_replies: {
    id: Defaulted<number>;
    organizer_id: number | null;
    title: string;
    body: string;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  support_ticket_organizers: {
    support_ticket_id: number;
    organizer_id: number;
  };
  support_tickets: {
    id: Defaulted<number>;
    user_id: number;
    subject: string;
    category: string | null;
    status: Defaulted<'open' | 'pending' | 'resolved' | 'closed'>;
    priority: Defaulted<'low' | 'normal' | 'high' | 'urgent'>;
    urgency: Computed<number>;
    order_id: number | null;
    booking_id: number | null;
    event_id: number | null;
    license_id: number | null;
    assignee_id: number | null;
    tags: Defaulted<string[]>;
    first_response_due_at: Date;
    first_response_at: Date | null;
    breached_at: Date | null;
    resolved_at: Date | null;
    closed_at: Date | null;
    merged_into_id: number | null;
    search: Computed<string | null>;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  tax_rates: {
    id: Defaulted<number>;
    country: string;
    region: string | null;
    rate: Numeric;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
  };
  ticket_holders: {
    ticket_id: Computed<number | null>;
    booking_id: Computed<number | null>;
    event_id: Computed<number | null>;
    ticket_type_id: Computed<number | null>;
    status: Computed<string | null>;
    booker_id: Computed<number | null>;
    user_id: Computed<number | null>;
    email: Computed<string | null>;
    name: Computed<string | null>;
    is_transferred: Computed<boolean | null>;
  };
  ticket_keys: {
    id: number;
    public_key: Buffer;
    created_at: Defaulted<Date>;
    revoked_at: Date | null;
  };
  ticket_notices: {
    event_id: number;
    address_hash: Buffer;
    notice: string;
    message_id: number;
    created_at: Defaulted<Date>;
  };
  ticket_type_inventory: {
    ticket_type_id: number;
    capacity: number | null;
    sold: Defaulted<number>;
    held: Defaulted<number>;
    sale_floor: Defaulted<number>;
  };
  ticket_types: {
    id: Defaulted<number>;
    event_id: number;
    name: string;
    description: Defaulted<string>;
    price: Numeric;
    sales_start_at: Date | null;
    sales_end_at: Date | null;
    min_per_booking: Defaulted<number>;
    max_per_booking: number | null;
    is_default: Defaulted<boolean>;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
    deleted_at: Date | null;
    position: Defaulted<number>;
  };
  tickets: {
    id: Defaulted<number>;
    booking_id: number;
    event_id: number;
    ticket_type_id: number;
    nonce: Defaulted<string>;
    status: Defaulted<'valid' | 'void'>;
    transfers: Defaulted<number>;
    checked_in_by: number | null;
    attendee_name: string | null;
    attendee_email: string | null;
    voided_at: Date | null;
    checked_in_at: Date | null;
    transferred_at: Date | null;
    seat_id: number | null;
    checked_in_gate: string | null;
  };
  unsubscribed_addresses: {
    address_hash: Buffer;
    kind: string;
    created_at: Defaulted<Date>;
  };
  user_tokens: {
    id: Defaulted<number>;
    user_id: number;
    purpose: 'verify_email' | 'reset_password';
    token_hash: Buffer;
    created_at: Defaulted<Date>;
    expires_at: Date;
    used_at: Date | null;
  };
  users: {
    id: Defaulted<number>;
    email: string;
    password_hash: string;
    first_name: string | null;
    last_name: string | null;
    phone: string | null;
    role: Defaulted<'customer' | 'organizer' | 'admin'>;
    status: Defaulted<'active' | 'suspended'>;
    locale: Defaulted<string>;
    timezone: Defaulted<string>;
    notification_preferences: Defaulted<Json>;
    email_verified_at: Date | null;
    last_login_at: Date | null;
    access_changed_at: Defaulted<Date>;
    created_at: Defaulted<Date>;
    updated_at: Defaulted<Date>;
    logo_key: string | null;
    erased_at: Date | null;
    mailbox: Computed<string | null>;
  };
  waitlist_entries: {
    id: Defaulted<number>;
    user_id: number;
    event_id: number;
    ticket_type_id: number | null;
    tickets_count: number;
    is_accepting_fewer: boolean;
    status: 'waiting' | 'offered' | 'claimed' | 'expired' | 'left';
    offered_count: number | null;
    offered_ticket_type_id: number | null;
    request_id: string;
    joined_at: Defaulted<Date>;
    offered_at: Date | null;
    offer_expires_at: Date | null;
    claimed_at: Date | null;
    expired_at: Date | null;
    left_at: Date | null;
  };
  withdrawal_items: {
    withdrawal_id: number;
    order_id: number;
    position: number;
    quantity: number;
    amount: Numeric;
  };
  withdrawals: {
    id: Defaulted<number>;
    order_id: number;
    request: string;
    refund_amount: Numeric;
    received_at: Defaulted<Date>;
  };
}
