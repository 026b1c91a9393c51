/** iPhone, iPad and iPod; an iPad that asks for desktop pages calls itself a Macintosh but has touch points. */
export function isIos(navigator: { readonly userAgent: string; readonly maxTouchPoints?: number }): boolean {
  if (/iPhone|iPad|iPod/.test(navigator.userAgent)) return true;
  return /Macintosh/.test(navigator.userAgent) && (navigator.maxTouchPoints ?? 0) > 1;
}
