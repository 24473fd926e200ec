import type { GrantCredits } from '../services/credits/grant-credits';
import type { ListEntries } from '../services/credits/list-credits';
import type { OrderCredits } from '../services/orders/order-credits';
import {
  Joi,
  money,
  outId,
  outIdOrNull,
  outList,
  outMoney,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
  pagingKeys,
  plainName,
  signedMoney,
  time,
} from './common.schemas';
import { checkCurrency } from './events/event-bodies';
import { paymentMethod } from './payments.schemas';

const ENTRY_KINDS = ['purchase', 'grant', 'spend', 'release', 'refund', 'expire', 'adjust'];
const kind = () => Joi.string().valid(...ENTRY_KINDS);
const currency = () => Joi.string().trim().uppercase().custom(checkCurrency).description('An ISO 4217 code');

export const creditBalance = Joi.object({
  currency: outText(),
  balance: outMoney().description('What can be spent'),
  held: outMoney().description('What unpaid orders have set aside'),
  expiring: outList(Joi.object({ amount: outMoney(), expiresAt: outTime().description('When it expires') })),
}).meta({ name: 'CreditBalance' });

export const listEntriesQuery = Joi.object<ListEntries, true>({ ...pagingKeys(), kind: kind(), currency: currency() });

export const creditEntry = Joi.object({
  id: outId(),
  userId: outId(),
  kind: kind()
    .required()
    .description('`spend` sets credits aside for an order; `release` gives them back if it is not paid'),
  amount: outMoney().description('Negative for what goes'),
  currency: outText(),
  orderId: outIdOrNull(),
  reason: outTextOrNull(),
  expiresAt: outTimeOrNull().description('When what came in expires; null: never'),
  createdAt: outTime(),
}).meta({ name: 'CreditEntry' });

export const purchaseCreditsBody = Joi.object<OrderCredits, true>({
  amount: money().required().description('How much to buy, which is also what it costs'),
  currency: currency().required(),
  paymentMethod: paymentMethod().required(),
});

export const grantCreditsBody = Joi.object<Omit<GrantCredits, 'userId'>, true>({
  amount: signedMoney().required().description('Negative takes back'),
  currency: currency().required(),
  reason: plainName(500).min(1).required(),
  expiresAt: time().allow(null).description('When they expire; null or absent: never'),
});
