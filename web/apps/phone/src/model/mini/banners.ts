import type { Received } from '../chat/types';

/** A service notification that slides in at the top of somebody's phone. */
export type Banner = Received;

const CHANNELS: readonly Received['channel'][] = ['subscription', 'template'];

/** The banners with a new message. Ordinary messages have a dot and a sound, no banner. */
export function withBanner(banners: readonly Banner[], message: Received): readonly Banner[] {
  if (!CHANNELS.includes(message.channel)) return banners;
  return [...banners.filter(({ id }) => id !== message.id), message].slice(-10);
}

export const withoutBanner = (banners: readonly Banner[], id: number): readonly Banner[] =>
  banners.some((one) => one.id === id) ? banners.filter((one) => one.id !== id) : banners;

/** The one to show on this person's phone: the newest. */
export const bannerFor = (banners: readonly Banner[], persona: string): Banner | undefined =>
  banners.filter((one) => one.persona === persona).at(-1);
