import type { Route } from '../http/route';
import { addressesRoutes } from './addresses.routes';
import { adminRoutes } from './admin.routes';
import { analyticsRoutes } from './analytics.routes';
import { authRoutes } from './auth.routes';
import { billingRoutes } from './billing.routes';
import { bookingLinksRoutes } from './booking-links.routes';
import { bookingsRoutes } from './bookings.routes';
import { categoriesRoutes } from './categories.routes';
import { cartRoutes } from './cart.routes';
import { creditsRoutes } from './credits.routes';
import { discountsRoutes } from './discounts.routes';
import { announcementsRoutes } from './announcements.routes';
import { eventsRoutes } from './events.routes';
import { filesRoutes } from './files.routes';
import { licensesRoutes } from './licenses.routes';
import { notificationsRoutes } from './notifications.routes';
import { ordersRoutes } from './orders.routes';
import { outboxRoutes } from './outbox.routes';
import { paymentsRoutes } from './payments.routes';
import { privacyRoutes } from './privacy.routes';
import { productsRoutes } from './products.routes';
import { reportsRoutes } from './reports.routes';
import { searchRoutes } from './search.routes';
import { seatsRoutes } from './seats.routes';
import { sessionsRoutes } from './sessions.routes';
import { storeRoutes } from './store.routes';
import { supportRoutes } from './support.routes';
import { systemRoutes } from './system.routes';
import { ticketsRoutes } from './tickets.routes';
import { ticketTypesRoutes } from './ticket-types.routes';
import { unsubscribeRoutes } from './unsubscribe.routes';
import { usersRoutes } from './users.routes';
import { waitlistRoutes } from './waitlist.routes';

/** All endpoints. Both the router and the OpenAPI document are built from this list. */
export const routes: Route[] = [
  ...authRoutes,
  ...sessionsRoutes,
  ...usersRoutes,
  ...eventsRoutes,
  ...announcementsRoutes,
  ...ticketTypesRoutes,
  ...seatsRoutes,
  ...bookingsRoutes,
  ...bookingLinksRoutes,
  ...ticketsRoutes,
  ...discountsRoutes,
  ...waitlistRoutes,
  ...cartRoutes,
  ...addressesRoutes,
  ...storeRoutes,
  ...categoriesRoutes,
  ...productsRoutes,
  ...ordersRoutes,
  ...billingRoutes,
  ...creditsRoutes,
  ...licensesRoutes,
  ...paymentsRoutes,
  ...supportRoutes,
  ...filesRoutes,
  ...notificationsRoutes,
  ...unsubscribeRoutes,
  ...privacyRoutes,
  ...analyticsRoutes,
  ...adminRoutes,
  ...searchRoutes,
  ...reportsRoutes,
  ...systemRoutes,
  ...outboxRoutes,
];
