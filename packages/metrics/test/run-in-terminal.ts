import { runPython, toNodeArguments } from "./run-script.ts";

/** Runs the command in its arguments, after the number of columns, on a terminal; prints what the terminal receives. */
const PROGRAM = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
try:
    while received := os.read(terminal, 65536):
        os.write(1, received)
except OSError:
    pass
os.waitpid(pid, 0)
`;

/** Runs a module with stdin, stdout and stderr on a real terminal, and gives every character that it receives. */
export const runInTerminal = (
  code: string,
  { columns = 80, env = {} }: { columns?: number; env?: NodeJS.ProcessEnv } = {},
): string =>
  runPython(PROGRAM, {
    args: [String(columns), process.execPath, ...toNodeArguments(code)],
    env: { NO_COLOR: "", TERM: "xterm", ...env },
  }).stdout;

/** The lines that a person sees after these characters: carriage returns, erased lines and colours are carried out. */
export const toScreen = (received: string): string[] => {
  const lines = [""];
  let column = 0;
  // oxlint-disable-next-line no-control-regex -- terminals are told what to do by control characters
  for (const [token] of received.matchAll(/\u001B\[[0-9;]*[A-Za-z]|[^]/g)) {
    const line = lines.at(-1) ?? "";
    if (token === "\n") lines.push("");
    else if (token === "\r") column = 0;
    else if (token === "\u001B[K") lines[lines.length - 1] = line.slice(0, column);
    else if (!token.startsWith("\u001B")) {
      lines[lines.length - 1] = line.slice(0, column) + token + line.slice(column + 1);
      column++;
    }
  }
  return lines;
};
