// All statuses, and rules that depend on a status alone. Check constraints in the database list the same values.

export const EVENT_STATUSES = ['draft', 'published', 'completed', 'cancelled'] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

export const BOOKING_STATUSES = ['pending', 'confirmed', 'cancelled', 'expired'] as const;
export type BookingStatus = (typeof BOOKING_STATUSES)[number];

export const WAITLIST_ENTRY_STATUSES = ['waiting', 'offered', 'claimed', 'expired', 'left'] as const;
export type WaitlistEntryStatus = (typeof WAITLIST_ENTRY_STATUSES)[number];

/** Statuses of bookings that hold their tickets. */
export const ACTIVE_BOOKING_STATUSES: readonly BookingStatus[] = ['pending', 'confirmed'];

/** True if a booking in this status holds its tickets. */
export const isActiveBooking = (status: BookingStatus): boolean => ACTIVE_BOOKING_STATUSES.includes(status);

export const SUPPORT_STATUSES = ['open', 'pending', 'resolved', 'closed'] as const;
export type SupportStatus = (typeof SUPPORT_STATUSES)[number];

export const SUPPORT_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type SupportPriority = (typeof SUPPORT_PRIORITIES)[number];

export const PRODUCT_TYPES = ['physical', 'digital', 'license', 'credit'] as const;
export type ProductType = (typeof PRODUCT_TYPES)[number];

export const PRODUCT_STATUSES = ['draft', 'active', 'archived'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** Why a scan did not check its ticket in. */
export const SCAN_REFUSALS = ['NOT_FOUND', 'WRONG_EVENT', 'TICKET_VOID', 'ALREADY_CHECKED_IN'] as const;
export type ScanRefusal = (typeof SCAN_REFUSALS)[number];
