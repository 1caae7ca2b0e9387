export type Page = { limit: number; offset: number };
export type Paged<T> = { items: T[]; total: number };
