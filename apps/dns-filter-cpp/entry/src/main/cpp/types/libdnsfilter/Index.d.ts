import { resourceManager } from '@kit.LocalizationKit';

export interface FilterStatistics {
  blocked: number;
  forwarded: number;
  answered: number;
}

/** Reads names, a line each, from a file of rawfile. Answers how many there are. */
export function loadRules(manager: resourceManager.ResourceManager, fileName: string): number;
/** Makes the socket for questions to the real resolver; it wants to be protected. */
export function openUpstream(address: string, port: number): number;
/** @param onBlocked hears each name that is blocked; what it returns is awaited by nobody */
export function startFilter(tunFd: number, upstreamFd: number, onBlocked: (name: string) => Promise<void>): void;
export function stopFilter(): void;
export function getStatistics(): FilterStatistics;
