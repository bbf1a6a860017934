// The log of webhook deliveries as the app's owner sees it. Ids are bigger than a double can hold, so they are bigints.

export interface HookDelivery {
  readonly id: bigint;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  /** seconds */
  readonly duration: number;
  readonly status: string;
  readonly statusCode: number;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly url: string;
  readonly request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly payload: unknown;
    readonly raw: string;
  };
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly payload: string };
}
