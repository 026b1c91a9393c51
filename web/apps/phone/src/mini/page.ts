import type { Crm } from '../model/crm/client';
import type { StaffDesk } from '../model/crm/lead';
import type { PhoneNumberDetail } from '../model/mini/phone-number';
import type { Send } from '../model/mini/sends';
import type { Subscriptions } from '../model/mini/world';
import type { Wx } from '../model/mini/wx';

/** What a page of the demo gets. */
export interface PageContext {
  /** An id of the page's elements; phones stand side by side, so each has its own. */
  id(name: string): string;
  wx: Wx;
  crm: Crm;
  staff: StaffDesk;
  query: Record<string, string>;
  /** The template the mini program has; null when the account has none. */
  templateId(): string | null;
  /** A tap on `<button open-type="getPhoneNumber">`. */
  phoneNumber(): Promise<PhoneNumberDetail>;
  /** What only the emulator can show: a real phone knows nothing of it. */
  emulated: { subscriptions(): Subscriptions | undefined; sends(): Send[] };
}

/** A page that is open. */
export interface MountedPage {
  element: HTMLElement;
  /** It is in front again, or the world outside has changed. */
  refresh?(): void;
}

export type Page = (context: PageContext) => MountedPage;
