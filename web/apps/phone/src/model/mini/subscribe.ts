import { WxError } from './wx-error';

export type Choice = 'accept' | 'reject';

/** A template on the sheet, with an example of its message. */
export interface Asked {
  template_id: string;
  title: string;
  kind: 'one_time' | 'long_term';
  example: { name: string; value: string }[];
}

/** What the control API says to a call. */
export type SubscriptionOutcome =
  | { ask: Asked[] }
  | { errMsg: string; results: Record<string, string>; left: Record<string, number> }
  | { errCode: number; errMsg: string };

/** What was tapped on the sheet. */
export interface SheetAnswer {
  answers: Record<string, Choice>;
  always: boolean;
}

export interface SubscribeDeps {
  ask(templateIds: string[], answer?: SheetAnswer): Promise<SubscriptionOutcome>;
  /** Shows the sheet; rejects when it is taken away unanswered. */
  sheet(asked: Asked[]): Promise<SheetAnswer>;
  /** Milliseconds since the person last tapped. */
  sinceTap(): number;
}

/** How long after a tap a call still belongs to it. */
const TAP_MS = 1000;

/** `wx.requestSubscribeMessage`. WeChat decides; this only shows the sheet. */
export async function requestSubscribe(
  deps: SubscribeDeps,
  templateIds: string[],
): Promise<Record<string, string>> {
  if (deps.sinceTap() > TAP_MS)
    throw new WxError('requestSubscribeMessage:fail can only be invoked by user TAP gesture');
  let outcome = await deps.ask(templateIds);
  if ('ask' in outcome) outcome = await deps.ask(templateIds, await deps.sheet(outcome.ask));
  if ('errCode' in outcome) throw new WxError(outcome.errMsg, outcome.errCode);
  if ('ask' in outcome) throw new WxError('requestSubscribeMessage:fail cancel');
  return { errMsg: outcome.errMsg, ...outcome.results };
}
