import { DefaultRestOptions, type RawFile, REST, type RESTOptions, type RequestData, RequestMethod } from 'discord.js';

export type Call = Pick<RequestData, 'body' | 'query' | 'auth'> & { files?: readonly RawFile[] };
type Route = `/${string}`;

/**
 * The calls to Discord's REST interface that this adapter makes. `T` is the documented response. Each ends by its
 * deadline, whatever the network does; it throws what discord.js throws.
 */
export type Api = {
  get<T>(route: Route, call?: Call): Promise<T>;
  post<T>(route: Route, call: Call): Promise<T>;
  patch<T>(route: Route, call: Call): Promise<T>;
  put<T>(route: Route, call: Call): Promise<T>;
  delete(route: Route, call?: Call): Promise<void>;
  close(): void;
};

export type ApiOptions = {
  token: string;
  apiUrl?: string | undefined;
  deadlineMs: number;
  rest: Partial<RESTOptions>;
};

/** A correction of the clock by less than this only prolongs a limit by as much. */
const CLOCK_SET_MS = 2_000;

export function createApi({ token, apiUrl, deadlineMs, rest: options }: ApiOptions): Api {
  const create = () => new REST({ ...restOptions(apiUrl), ...options });
  const ahead = () => Date.now() - performance.now();
  let [client, lead] = [create(), ahead()];

  /**
   * The client tracks Discord's limits by the wall clock: if that is set back, they would last for hours. A new client
   * knows none; if one still applies, Discord says so.
   */
  function current(): REST {
    const now = ahead();
    if (now < lead - CLOCK_SET_MS) {
      sweepNoMore(client);
      client = create();
    }
    lead = now;
    return client;
  }

  async function call<T>(method: RequestMethod, fullRoute: Route, { files, ...data }: Call = {}): Promise<T> {
    const rest = current();
    // The client drops its token after a 401, and would then report that instead.
    rest.setToken(token);
    // It also covers the wait in the client's queue and reading the body.
    const signal = AbortSignal.timeout(deadlineMs);
    const attached = files === undefined || files.length === 0 ? {} : { files: [...files] };
    return (await rest.request({ ...data, ...attached, method, fullRoute, signal })) as T;
  }

  return {
    get: (route, data) => call(RequestMethod.Get, route, data),
    post: (route, data) => call(RequestMethod.Post, route, data),
    patch: (route, data) => call(RequestMethod.Patch, route, data),
    put: (route, data) => call(RequestMethod.Put, route, data),
    delete: (route, data) => call(RequestMethod.Delete, route, data),
    close: () => sweepNoMore(client),
  };
}

function sweepNoMore(client: REST): void {
  client.clearHashSweeper();
  client.clearHandlerSweeper();
}

/** `DISCORD_API_URL` may end with a slash or the version, as people copy it. */
export function restOptions(apiUrl: string | undefined): Partial<RESTOptions> {
  return {
    ...{ version: '10', makeRequest },
    ...(apiUrl === undefined ? {} : { api: apiUrl.replace(/(?<!\/)\/+(v[0-9]+\/*)?$/, '') }),
  };
}

/**
 * A form with files is sent as its bytes. Bolt brings another version of undici, whose agent then serves the whole
 * process and can't read discord.js's forms: with Slack connected, every message with a file failed.
 */
const makeRequest: RESTOptions['makeRequest'] = async (url, init) => {
  const { body } = init;
  if (!(body instanceof FormData)) return DefaultRestOptions.makeRequest(url, init);
  const form = new Response(body);
  const headers = { ...init.headers, 'content-type': form.headers.get('content-type') ?? '' };
  return DefaultRestOptions.makeRequest(url, { ...init, headers, body: new Uint8Array(await form.arrayBuffer()) });
};
