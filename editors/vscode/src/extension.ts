// The client: starts `rules lsp`, shows what its commands give back, and says what to do when the program is missing.
//
// Everything that is known about rules is in the server; this file only connects.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

/** The scheme of documents that show what a command gave back. */
const SCHEME = "switchboard-result";

/** Settings that the server reads; the path of the program is the client's alone. */
const SETTINGS = ["language", "snapshot", "hits", "fixtures", "runTests", "coverage", "checkDelayMs"] as const;

/** Commands of the palette, and those of the server that they stand for; each is about the document that is open. */
const COMMANDS = {
  "switchboard.runTests": "rules.runTests",
  "switchboard.coverage": "rules.coverage",
} as const;

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const results = new Results();
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, results),
    vscode.commands.registerCommand("switchboard.restart", () => start(results)),
    ...Object.entries(COMMANDS).map(([ours, server]) => vscode.commands.registerCommand(ours, () => about(server))),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("switchboard.path")) {
        await start(results);
      } else if (change.affectsConfiguration("switchboard")) {
        await client?.sendNotification("workspace/didChangeConfiguration", { settings: { switchboard: settings() } });
      }
    }),
  );
  await start(results);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

/** Starts the server, or starts it anew. */
async function start(results: Results): Promise<void> {
  await client?.stop().catch(() => undefined);
  client = undefined;
  const program = vscode.workspace.getConfiguration("switchboard").get<string>("path", "rules");
  const server: ServerOptions = { command: program, args: ["lsp", "--stdio"] };
  const options: LanguageClientOptions = {
    // Of files of JSON the server takes those that are tests of rules.
    documentSelector: [{ language: "rules" }, { pattern: "**/*.rhai" }, { scheme: "file", language: "json" }],
    initializationOptions: { ...settings(), showsResults: true },
    middleware: {
      // Code lenses carry commands of the server; what these give back is shown in a document of its own.
      executeCommand: async (command, args, next) => {
        const result: unknown = await next(command, args);
        if (typeof result === "string") {
          await results.show(command, result);
        }
        return result;
      },
    },
  };
  const started = new LanguageClient("switchboard", "Switchboard Rules", server, options);
  try {
    await started.start();
    client = started;
  } catch (error) {
    const russian = vscode.env.language.startsWith("ru");
    const reason = error instanceof Error ? error.message : String(error);
    const settingsButton = russian ? "Открыть настройки" : "Open settings";
    const said = russian
      ? `Не удалось запустить «${program} lsp»: ${reason}. Установите программу rules или укажите её в настройке switchboard.path.`
      : `“${program} lsp” could not be started: ${reason}. Install the program rules, or name it in the setting switchboard.path.`;
    if ((await vscode.window.showErrorMessage(said, settingsButton)) === settingsButton) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "switchboard.path");
    }
  }
}

/** Has the server carry out a command about the document that is open; what it gives back is shown as that of a lens is. */
async function about(command: string): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document) {
    await vscode.commands.executeCommand(command, document.uri.toString());
  }
}

function settings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration("switchboard");
  return Object.fromEntries(SETTINGS.map((name) => [name, configuration.get(name)]));
}

/** What commands gave back, as documents that cannot be changed. */
class Results implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly texts = new Map<string, string>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  /** Shows a result beside what is being written; the page of a finding is shown as it is meant to look. */
  async show(command: string, text: string): Promise<void> {
    const isPage = command === "rules.explain";
    const uri = vscode.Uri.from({ scheme: SCHEME, path: isPage ? "/finding.md" : `/${command}.txt` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    if (isPage) {
      await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  }
}
