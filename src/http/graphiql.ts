import type { GraphiQLOptions } from 'graphql-yoga';
import { graphiqlFetcher } from './graphiqlFetcher.ts';

/**
 * GraphiQL's page. Its scripts, 9 MB, come with the package: a host without the internet shows the page as well. They
 * would open a subscription's socket without the token that the user typed, so the page asks in our own way.
 */
export async function graphiqlPage(options: GraphiQLOptions): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL(options);
  const json = JSON.stringify(options);
  const at = page.lastIndexOf(json);
  const fetcher = `(${graphiqlFetcher})(new URL(location.pathname, location.href).href)`;
  return `${page.slice(0, at)}{ ...${json}, fetcher: ${fetcher} }${page.slice(at + json.length)}`;
}
