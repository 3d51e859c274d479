// What the story uses of Node.
declare const process: { argv: string[]; exitCode: number };

declare module "node:http" {
  interface Request extends AsyncIterable<Uint8Array> {
    headers: Record<string, string | undefined>;
  }
  interface Response {
    writeHead(status: number): Response;
    end(): void;
  }
  interface Server {
    listen(port: number, host: string, ready: () => void): void;
    address(): { port: number };
    close(): void;
    closeAllConnections(): void;
  }
  export function createServer(answer: (request: Request, response: Response) => void): Server;
}
