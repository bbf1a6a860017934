// What a promotion makes of one image in one environment. Types only.

export interface ImageMove {
  readonly image: string;
  readonly from?: { readonly tag?: string; readonly digest?: string };
  readonly to: { readonly tag: string; readonly digest: string };
}
