/**
 * On the emulator's own consent page, picks the owner of the phone: on a real phone nobody is asked who they are. The
 * frame's other pages belong to other origins, and this page cannot and does not look into them.
 */
export function preselectPersona(frame: HTMLIFrameElement, persona: string): void {
  let page: Document | null;
  try {
    page = frame.contentDocument;
  } catch {
    return;
  }
  const choice = page?.querySelector<HTMLInputElement>(
    `input[name="persona"][value="${CSS.escape(persona)}"]`,
  );
  if (choice && !choice.checked) choice.click();
}
