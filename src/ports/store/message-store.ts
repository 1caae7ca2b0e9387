import type { ChannelRef } from '../../core/model/principal.ts';
import type { Message, MessageSubject } from '../message.ts';
import type { Page, Paged } from './paging.ts';

export type PendingDelivery = { channel: ChannelRef; count: number; since: number; failure?: string };

export type MessageStore = {
  /**
   * Adds the message, unless this subject already has one in that channel; then its wanted revision increases. Returns
   * its id.
   */
  want(message: {
    subject: MessageSubject;
    channel: ChannelRef;
    parentId?: number;
    at: number;
    notBefore?: number;
  }): Promise<number>;
  /** One more revision of every message of these subjects, on all platforms. `notBefore` throttles edits. */
  touch(subjects: readonly MessageSubject[], options?: { notBefore?: number }): Promise<void>;
  bySubject(subject: MessageSubject): Promise<Message[]>;
  /** Hosts and kinds that have a message in the thread of an alert, in any channel. */
  threadParts(alert: number): Promise<ReadonlySet<string>>;
  byId(id: number): Promise<Message | undefined>;
  /**
   * Claims what is due, oldest first: wanted > sent, `notBefore` past, parent posted, nothing else claimed in its channel,
   * and no older undelivered message before it in that channel except ones that failed for good. At most one per channel.
   */
  claim(options: { now: number; leaseMs: number; platforms: readonly string[]; limit: number }): Promise<Message[]>;
  /**
   * Ends the leases of a process that is known to be dead; messages that it had claimed are due at once, and
   * `uncertain`.
   */
  releaseClaims(): Promise<void>;
  /** Makes postponed messages due: their times were set by a clock that was ahead. */
  hasten(now: number): Promise<void>;
  /** The revision that was sent is the one that the message had when it was claimed. */
  delivered(id: number, revision: number, ref?: { id: string; thread?: string }): Promise<void>;
  retryLater(id: number, options: { notBefore: number; failure: string; uncertain: boolean }): Promise<void>;
  failed(id: number, failure: string): Promise<void>;
  /** Messages that could not be delivered. */
  listFailed(page: Page): Promise<Paged<Message>>;
  /** Messages that have been waiting to be sent since before then, oldest first. */
  listPending(before: number, page: Page): Promise<Paged<Message>>;
  /** The same by channel: how many, since when, and why the oldest was not sent when it was tried. */
  pendingByChannel(before: number): Promise<PendingDelivery[]>;
  /**
   * Deletes at most `limit` messages from before then that nothing will change any more: notices, and those of scans.
   * Alerts stay, because they are answered and edited. So do messages that wait to be sent.
   */
  prune(before: number, limit: number): Promise<number>;
  /** Tries a failed one again. */
  resend(id: number, at: number): Promise<boolean>;
  /**
   * Messages still to be sent: wanted > sent, not failed, and not a reply whose parent failed before it was posted.
   * `platforms`: only those; the default is all.
   */
  countPending(now: number, platforms?: readonly string[]): Promise<number>;
  /** When the next claim may find something, if ever: not before the lease of its channel ends. */
  nextDue(platforms?: readonly string[]): Promise<number | undefined>;
};
