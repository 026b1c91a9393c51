/** What a customer writes into the form. */
export interface Contact {
  name: string;
  phone: string;
  when: string;
  note: string;
}

/** What is wrong, by field. */
export type Problems = Partial<Record<keyof Contact, string>>;

const NAME = 20;
const NOTE = 100;

/** The number as it is sent: without blanks, dashes and the area code of mainland China. */
export const barePhone = (text: string): string => text.replace(/[\s-]/g, '').replace(/^(\+|00)86/, '');

/** Checks what can be checked here. `needsTime`: an appointment has one. */
export function checkContact(contact: Contact, needsTime: boolean): Problems {
  const problems: Problems = {};
  const phone = barePhone(contact.phone);
  if (phone === '') problems.phone = '请填写手机号，或用微信手机号一键填写';
  else if (!/^\d+$/.test(phone)) problems.phone = '手机号只能有数字';
  else if (phone.length !== 11) problems.phone = `手机号应为 11 位，现在是 ${phone.length} 位`;
  else if (!/^1[3-9]/.test(phone)) problems.phone = '这不像中国大陆的手机号：第二位应是 3–9';
  if ([...contact.name].length > NAME) problems.name = `称呼最多 ${NAME} 个字`;
  if ([...contact.note].length > NOTE) problems.note = `留言最多 ${NOTE} 个字`;
  if (needsTime && contact.when === '') problems.when = '请选择方便的时间';
  return problems;
}
