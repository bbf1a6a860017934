// The announcements of one event, and what a payload is while it is put together.

import type { Announcement } from "../model/announcement.ts";

export type AnnouncementOf<Event extends Announcement["event"]> = Extract<Announcement, { readonly event: Event }>;

export type Payload = Readonly<Record<string, unknown>>;
