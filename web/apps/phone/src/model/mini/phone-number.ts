/** What a `getPhoneNumber` button tells its page. */
export interface PhoneNumberDetail {
  errMsg: string;
  /** One-time, for `POST /wxa/business/getuserphonenumber`. */
  code?: string;
}

export interface PhoneNumberDeps {
  /** The number of the person's WeChat, or nothing. */
  number: string | null;
  /** 允许 or 不允许; rejects when it is taken away unanswered. */
  sheet(number: string): Promise<boolean>;
  code(): Promise<string>;
}

/** Asks the person for their number. The page gets a code, never the number itself. */
export async function getPhoneNumber(deps: PhoneNumberDeps): Promise<PhoneNumberDetail> {
  if (!deps.number) return { errMsg: 'getPhoneNumber:fail no phone number bound' };
  if (!(await deps.sheet(deps.number))) return { errMsg: 'getPhoneNumber:fail user deny' };
  return { errMsg: 'getPhoneNumber:ok', code: await deps.code() };
}

/** `138****0002`, as the sheet shows it. */
export function maskPhone(number: string): string {
  return number.length < 7 ? number : `${number.slice(0, 3)}****${number.slice(-4)}`;
}
