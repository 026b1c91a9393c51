/** Where the demo page of a service is; null while nobody said where the service is. */
export function demoAddress(serviceUrl: string | null): string | null {
  if (!serviceUrl) return null;
  return `${serviceUrl.replace(/\/+$/, '')}/wechat/demo`;
}
