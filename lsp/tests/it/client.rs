//! A client in memory: a folder of files, the server on a thread, questions and answers.

use std::collections::HashMap;
use std::path::Path;
use std::thread::JoinHandle;

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use switchboard_lsp::{Connection, ServeError, serve};
use tempfile::TempDir;

/// The cursor in a text of a test.
pub(crate) const CURSOR: &str = "<|>";

/// A client, its folder and its server.
pub(crate) struct Client {
    pub(crate) folder: TempDir,
    connection: Connection,
    server: Option<JoinHandle<Result<(), ServeError>>>,
    asked: i32,
    /// Findings by file, the last ones, with the version that they are of.
    shown: HashMap<String, (Option<i64>, Vec<Value>)>,
    /// Other notifications and requests of the server.
    pub(crate) told: Vec<String>,
    versions: HashMap<String, i64>,
}

impl Client {
    /// A client whose folder holds these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, &json!({}), &json!({}))
    }

    /// A client with settings and capabilities.
    pub(crate) fn with(files: &[(&str, &str)], options: &Value, capabilities: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text.replace(CURSOR, "")).unwrap();
        }
        let (ours, theirs) = Connection::memory();
        let server = std::thread::spawn(move || serve(&theirs, "test"));
        let mut client = Self {
            folder,
            connection: ours,
            server: Some(server),
            asked: 0,
            shown: HashMap::new(),
            told: Vec::new(),
            versions: HashMap::new(),
        };
        let mut settings = json!({ "checkDelayMs": 0 });
        settings.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        let root = client.uri("");
        let params = json!({
            "capabilities": capabilities,
            "rootUri": root,
            "initializationOptions": settings,
        });
        client.ask("initialize", params).unwrap();
        client.tell("initialized", json!({}));
        client
    }

    /// A client whose folder is a copy of one of the shared fixtures.
    pub(crate) fn of(fixture: &str, options: &Value, capabilities: &Value) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/editor").join(fixture);
        let mut files = Vec::new();
        let mut waiting = vec![root.clone()];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                    continue;
                }
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Self::with(&files, options, capabilities)
    }

    /// The text of a file on disk.
    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The lenses of a file, each asked for what it says.
    pub(crate) fn lenses(&mut self, name: &str) -> Vec<Value> {
        let found = self.ask_of("textDocument/codeLens", name, json!({})).unwrap();
        let said = |lens: &Value| match lens["command"].is_null() {
            true => self.ask("codeLens/resolve", lens.clone()).unwrap(),
            false => lens.clone(),
        };
        found.as_array().unwrap().iter().map(said).collect()
    }

    /// Has a command carried out.
    pub(crate) fn run(&mut self, command: &str, arguments: Value) -> Result<String, String> {
        let params = json!({ "command": command, "arguments": arguments });
        Ok(self.ask("workspace/executeCommand", params)?.as_str().unwrap().to_owned())
    }

    /// The address of a file of the folder.
    pub(crate) fn uri(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        let mut out = String::from("file://");
        for byte in path.to_str().unwrap().trim_end_matches('/').bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
        out
    }

    /// The name of the file of an address.
    pub(crate) fn name(&self, uri: &str) -> String {
        let start = self.uri("");
        let rest = uri.strip_prefix(&start).unwrap_or(uri).trim_start_matches('/');
        let mut bytes = Vec::new();
        let mut rest = rest.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    /// Opens a file with the text that it has on disk.
    pub(crate) fn open(&mut self, name: &str) {
        let text = std::fs::read_to_string(self.folder.path().join(name)).unwrap();
        self.open_with(name, &text);
    }

    /// Opens a file with a text of the editor's.
    pub(crate) fn open_with(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        self.versions.insert(name.to_owned(), 1);
        let document = json!({ "uri": uri, "languageId": "rules", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes a file: ranges and texts, one after another; without a range, the whole.
    pub(crate) fn change(&mut self, name: &str, changes: Value) {
        let version = self.versions.get_mut(name).unwrap();
        *version += 1;
        let version = *version;
        let document = json!({ "uri": self.uri(name), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The findings of the text as it is now; waits until they come.
    pub(crate) fn findings(&mut self, name: &str) -> Vec<Value> {
        let (uri, version) = (self.uri(name), self.versions.get(name).copied());
        loop {
            if let Some((of, found)) = self.shown.get(&uri)
                && (*of == version || version.is_none())
            {
                return found.clone();
            }
            self.take();
        }
    }

    /// Sends a notification.
    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params));
    }

    /// Sends anything.
    pub(crate) fn send(&mut self, message: impl Into<Message>) {
        self.connection.sender.send(message.into()).unwrap();
    }

    /// Sends a request and gives its number.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> RequestId {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request::new(id.clone(), method.to_owned(), params));
        id
    }

    /// Waits for the answer to a request.
    pub(crate) fn answer(&mut self, id: &RequestId) -> Result<Value, String> {
        loop {
            if let Some(response) = self.take()
                && response.id == *id
            {
                return response.response_result.map_err(|error| error.message);
            }
        }
    }

    /// Asks and waits.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        let id = self.request(method, params);
        self.answer(&id)
    }

    /// Asks about a position in a file.
    pub(crate) fn ask_at(
        &mut self,
        method: &str,
        name: &str,
        text: &str,
        more: Value,
    ) -> Result<Value, String> {
        let mut params = json!({ "textDocument": { "uri": self.uri(name) }, "position": cursor(text) });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ask(method, params)
    }

    /// Asks about a file.
    pub(crate) fn ask_of(&mut self, method: &str, name: &str, more: Value) -> Result<Value, String> {
        let mut params = json!({ "textDocument": { "uri": self.uri(name) } });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ask(method, params)
    }

    /// Takes the next message; gives it when it is an answer.
    fn take(&mut self) -> Option<Response> {
        match self.connection.receiver.recv().expect("the server is alive") {
            Message::Response(response) => Some(response),
            Message::Notification(note) if note.method == "textDocument/publishDiagnostics" => {
                let uri = note.params["uri"].as_str().unwrap().to_owned();
                let found = note.params["diagnostics"].as_array().unwrap().clone();
                self.shown.insert(uri, (note.params["version"].as_i64(), found));
                self.told.push(note.method);
                None
            }
            Message::Notification(note) => {
                self.told.push(note.method);
                None
            }
            Message::Request(request) => {
                self.told.push(request.method);
                self.send(Response::new_ok(request.id, Value::Null));
                None
            }
        }
    }

    /// Says goodbye and gives how the server ended.
    pub(crate) fn end(mut self) -> Result<(), ServeError> {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.server.take().unwrap().join().expect("the server does not panic")
    }

    /// A file's own path, for tests that write.
    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        Path::new(self.folder.path()).join(name)
    }
}

/// The position of the cursor in a text, in UTF-16.
pub(crate) fn cursor(text: &str) -> Value {
    let at = text.find(CURSOR).expect("a cursor");
    position(text, at)
}

/// The position of a byte, in UTF-16.
pub(crate) fn position(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column: usize = before.rsplit('\n').next().unwrap().chars().map(char::len_utf16).sum();
    json!({ "line": line, "character": column })
}

/// The byte of a position in UTF-16.
pub(crate) fn offset(text: &str, position: &Value) -> usize {
    let (line, column) = (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
    let start: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
    let mut left = column as usize;
    let mut at = start;
    for ch in text[start..].chars() {
        if left == 0 || ch == '\n' {
            break;
        }
        left = left.saturating_sub(ch.len_utf16());
        at += ch.len_utf8();
    }
    at
}

/// The text after edits in UTF-16, as an editor applies them.
pub(crate) fn edited(text: &str, edits: &Value) -> String {
    let mut spans: Vec<(usize, usize, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let new = edit["newText"].as_str().unwrap().to_owned();
            (offset(text, &range["start"]), offset(text, &range["end"]), new)
        })
        .collect();
    spans.sort();
    let mut out = text.to_owned();
    for (start, end, new) in spans.into_iter().rev() {
        out.replace_range(start..end, &new);
    }
    out
}

/// `2:5-9 text` for a range of a text.
pub(crate) fn shown_range(text: &str, range: &Value) -> String {
    let (start, end) = (offset(text, &range["start"]), offset(text, &range["end"]));
    let line = range["start"]["line"].as_u64().unwrap() + 1;
    let column = range["start"]["character"].as_u64().unwrap() + 1;
    format!("{line}:{column} {:?}", &text[start..end])
}
