import type { Exclusion } from '../services/orders/withdrawable-items';
import type { WithdrawOrder } from '../services/payments/withdraw-order';
import {
  INT4_MAX,
  Joi,
  id,
  outCount,
  outId,
  outList,
  outMoney,
  outText,
  outTime,
  outTimeOrNull,
} from './common.schemas';

const EXCLUSIONS: Exclusion[] = ['EVENT_TICKET', 'LICENSE_ACTIVATED', 'DOWNLOADED', 'PERIOD_OVER', 'RETURNED'];

export const withdrawOrderBody = Joi.object<Omit<WithdrawOrder, 'orderId'>, true>({
  items: Joi.array()
    .items(
      Joi.object({
        itemId: id().max(32_767).required().description('The id of the item within the order'),
        quantity: Joi.number().integer().min(1).max(INT4_MAX).required(),
      }),
    )
    .min(1)
    .max(200)
    .description('What to withdraw; entries of the same item are added up. Everything that can be, by default'),
  confirm: Joi.boolean().valid(true).required().description('`true`: the customer has confirmed it'),
});

export const withdrawal = Joi.object({
  id: outId(),
  orderId: outId(),
  receivedAt: outTime().description('When we received it, which the mail confirms'),
  items: outList(
    Joi.object({ itemId: outId().description('The id of the item'), quantity: outCount(), amount: outMoney() }),
  ).description('What was withdrawn, and the shipping if it is refunded'),
  refundAmount: outMoney().description('What is refunded in all'),
  currency: outText(),
}).meta({ name: 'Withdrawal' });

export const withdrawableItems = Joi.object({
  orderId: outId(),
  currency: outText(),
  items: outList(
    Joi.object({
      itemId: outId().description('The id of the item'),
      name: outText(),
      quantity: outCount().description('How many units were bought'),
      withdrawableQuantity: outCount().description('How many of them can be withdrawn now'),
      until: outTimeOrNull().description(
        'Until when; null if what is sent has not been sent in full, or if it cannot be withdrawn at all',
      ),
      reason: Joi.string()
        .valid(...EXCLUSIONS)
        .allow(null)
        .required()
        .description(
          'Why the rest cannot be withdrawn: `EVENT_TICKET`, `LICENSE_ACTIVATED`, `DOWNLOADED` (begun after `acceptedTerms`), `PERIOD_OVER`, `RETURNED` (refunded or withdrawn before); null if all can',
        ),
    }).meta({ name: 'WithdrawableItem' }),
  ),
  withdrawals: outList(withdrawal).description('What was withdrawn so far'),
}).meta({ name: 'WithdrawableOrder' });
