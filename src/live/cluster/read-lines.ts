// Lines of a body that never ends, each within a limit of bytes. Ends where the body ends; throws where it breaks or where
// a line grows too long.

const NEWLINE = 0x0a;

export async function* readLines(body: AsyncIterable<Buffer>, longest: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      parts.push(rest.subarray(0, end));
      yield Buffer.concat(parts).toString("utf8");
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    parts.push(rest);
    size += rest.byteLength;
    if (size > longest) throw new RangeError(`A line is longer than ${longest} bytes.`);
  }
}
