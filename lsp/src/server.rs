//! The server's life: hands are shaken, messages are taken one by one, checks run beside them.
//!
//! Messages are answered in their order by one thread, since every answer is quick; what has to wait for a check or a run of
//! tests is put aside (`waiting`). What has come is looked through first, so that a request that was cancelled meanwhile
//! costs nothing.

use std::collections::{HashSet, VecDeque};
use std::time::Instant;

use crossbeam_channel::Select;
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response};
use lsp_types::notification::{self as notice, Notification as _};
use lsp_types::request::{self as asked, Request as _};
use lsp_types::{
    CancelParams, DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, InitializeParams,
    NumberOrString, PublishDiagnosticsParams, Uri,
};
use serde_json::json;
use switchboard_grammar::diagnostic::Text;

use crate::capabilities::{capabilities, pulls, refreshed, watchers};
use crate::dispatch::{Answered, Refused, answer};
use crate::lines::Encoding;
use crate::state::State;
use crate::waiting::{Wanted, wanted};

/// What a request is told that the client takes back.
const CANCELLED: &str = "cancelled by the client";

/// Why the server ended other than as it should.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// The client did not keep to the protocol while hands were shaken, or hung up.
    Protocol(ProtocolError),
    /// What the client said at the start cannot be read.
    Initialize(serde_json::Error),
    /// The client ended the connection without a word.
    HungUp,
}

impl ServeError {
    /// What happened, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Protocol(error) => Text::new(
                format!("the editor does not keep to the protocol: {error}"),
                format!("редактор нарушает протокол: {error}"),
            ),
            Self::Initialize(error) => Text::new(
                format!("what the editor says of itself cannot be read: {error}"),
                format!("не прочитать то, что редактор сообщил о себе: {error}"),
            ),
            Self::HungUp => Text::new("the editor ended the connection", "редактор оборвал связь"),
        }
    }
}

/// Serves one client until it says that it is done. `version` is what the server says of itself.
///
/// # Errors
///
/// [`ServeError`].
pub fn serve(connection: &Connection, version: &str) -> Result<(), ServeError> {
    let (id, params) = connection.initialize_start().map_err(ServeError::Protocol)?;
    let pulls = pulls(&params);
    let params: InitializeParams = serde_json::from_value(params).map_err(ServeError::Initialize)?;
    let general = params.capabilities.general.as_ref();
    let encoding = Encoding::of(general.and_then(|general| general.position_encodings.as_deref()));
    let result = json!({
        "capabilities": capabilities(encoding, pulls),
        "serverInfo": { "name": "rules", "version": version },
    });
    connection.initialize_finish(id, result).map_err(ServeError::Protocol)?;
    let mut server = Server {
        connection,
        state: State::new(&params, encoding),
        queue: VecDeque::new(),
        waiting: Vec::new(),
        pulls,
        refreshed: refreshed(&params.capabilities),
        asked: 0,
        is_done: false,
    };
    if let Some(request) = watchers(&params.capabilities, server.state.settings.fixtures()) {
        server.send(request.into());
    }
    server.run()
}

struct Server<'c> {
    connection: &'c Connection,
    state: State,
    queue: VecDeque<Message>,
    /// Requests whose answer has to wait for a check or a run of tests.
    waiting: Vec<(RequestId, Wanted)>,
    /// Whether the client asks for findings; otherwise it is told.
    pulls: bool,
    /// What the client can be asked to ask for anew.
    refreshed: Vec<&'static str>,
    /// How often it was.
    asked: u64,
    /// Whether the client said that it is done.
    is_done: bool,
}

impl Server<'_> {
    fn run(&mut self) -> Result<(), ServeError> {
        loop {
            self.wait()?;
            while let Some(message) = self.queue.pop_front() {
                match message {
                    Message::Request(request) if request.method == asked::Shutdown::METHOD => {
                        self.is_done = true;
                        for (id, _) in std::mem::take(&mut self.waiting) {
                            self.refuse(id, ErrorCode::RequestCanceled, "the server was told to shut down");
                        }
                        self.send(Response::new_ok(request.id, serde_json::Value::Null).into());
                    }
                    Message::Request(request) if self.is_done => {
                        self.refuse(
                            request.id,
                            ErrorCode::InvalidRequest,
                            "the server was told to shut down",
                        );
                    }
                    Message::Request(request) => self.request(request),
                    Message::Notification(note) if note.method == notice::Exit::METHOD => {
                        return if self.is_done { Ok(()) } else { Err(ServeError::HungUp) };
                    }
                    Message::Notification(notification) => self.notification(notification),
                    Message::Response(_) => {}
                }
                self.fill();
            }
            self.state.start_due(Instant::now());
        }
    }

    /// Waits for a message, a report, or the time of the next check.
    fn wait(&mut self) -> Result<(), ServeError> {
        let messages = &self.connection.receiver;
        let (reports, runs) = (self.state.checker.reports.clone(), self.state.tester.reports.clone());
        let mut select = Select::new();
        let of_messages = select.recv(messages);
        let of_reports = select.recv(&reports);
        select.recv(&runs);
        let ready = match self.state.due() {
            None => Some(select.select()),
            Some(due) => select.select_deadline(due).ok(),
        };
        let Some(ready) = ready else { return Ok(()) };
        if ready.index() == of_messages {
            let message = ready.recv(messages).map_err(|_| ServeError::HungUp)?;
            self.queue.push_back(message);
            self.fill();
        } else if ready.index() == of_reports {
            if let Ok(report) = ready.recv(&reports) {
                let shown = self.state.take_report(report, Instant::now());
                self.learned(shown);
            }
        } else if let Ok(tested) = ready.recv(&runs) {
            let shown = self.state.take_tested(tested);
            self.learned(shown);
        }
        Ok(())
    }

    /// Something new is known: it is told, and whoever waited for it is answered.
    fn learned(&mut self, shown: Vec<PublishDiagnosticsParams>) {
        self.publish(shown);
        self.settle();
        self.refresh();
    }

    /// Answers everything that waited and can be answered now.
    fn settle(&mut self) {
        for (id, wanted) in std::mem::take(&mut self.waiting) {
            match wanted.answer(&mut self.state, Instant::now()) {
                Some(answer) => self.respond(id, answer),
                None => self.waiting.push((id, wanted)),
            }
        }
    }

    /// Takes everything that has come, and drops requests that were cancelled meanwhile.
    fn fill(&mut self) {
        while let Ok(message) = self.connection.receiver.try_recv() {
            self.queue.push_back(message);
        }
        let cancelled: HashSet<RequestId> = self
            .queue
            .iter()
            .filter_map(|message| match message {
                Message::Notification(note) if note.method == notice::Cancel::METHOD => {
                    let params: CancelParams = serde_json::from_value(note.params.clone()).ok()?;
                    Some(match params.id {
                        NumberOrString::Number(id) => RequestId::from(id),
                        NumberOrString::String(id) => RequestId::from(id),
                    })
                }
                _ => None,
            })
            .collect();
        if cancelled.is_empty() {
            return;
        }
        for (id, wanted) in std::mem::take(&mut self.waiting) {
            if cancelled.contains(&id) {
                self.refuse(id, ErrorCode::RequestCanceled, CANCELLED);
            } else {
                self.waiting.push((id, wanted));
            }
        }
        for message in std::mem::take(&mut self.queue) {
            match message {
                Message::Request(request) if cancelled.contains(&request.id) => {
                    self.refuse(request.id, ErrorCode::RequestCanceled, CANCELLED);
                }
                Message::Notification(note) if note.method == notice::Cancel::METHOD => {}
                other => self.queue.push_back(other),
            }
        }
    }

    fn request(&mut self, request: Request) {
        let id = request.id.clone();
        match wanted(&mut self.state, &request, Instant::now()) {
            Some(Ok(wanted)) => {
                self.waiting.push((id, wanted));
                self.settle();
            }
            Some(Err(refused)) => self.respond(id, Err(refused)),
            None => {
                let answer = answer(&mut self.state, request);
                self.respond(id, answer);
            }
        }
    }

    fn respond(&self, id: RequestId, answer: Result<Answered, Refused>) {
        let response = match answer {
            Ok(answered) => {
                if let Some(message) = answered.message.filter(|_| !self.state.settings.shows_results) {
                    let params = json!({ "type": 3, "message": message });
                    self.send(Notification::new(notice::ShowMessage::METHOD.to_owned(), params).into());
                }
                Response::new_ok(id, answered.result)
            }
            Err(error) => Response::new_err(id, error.code as i32, error.message),
        };
        self.send(response.into());
    }

    fn notification(&mut self, note: Notification) {
        let now = Instant::now();
        match note.method.as_str() {
            notice::DidOpenTextDocument::METHOD => {
                if let Ok(DidOpenTextDocumentParams { text_document: document }) =
                    serde_json::from_value(note.params)
                {
                    self.state.open(document.uri, document.text, document.version, now);
                }
            }
            notice::DidChangeTextDocument::METHOD => {
                if let Ok(params) = serde_json::from_value::<DidChangeTextDocumentParams>(note.params) {
                    let document = params.text_document;
                    self.state.change(&document.uri, params.content_changes, document.version, now);
                }
            }
            notice::DidCloseTextDocument::METHOD => {
                if let Ok(params) = serde_json::from_value::<DidCloseTextDocumentParams>(note.params) {
                    let shown = self.state.close(&params.text_document.uri, now);
                    self.publish(shown);
                    self.settle();
                }
            }
            notice::DidChangeConfiguration::METHOD => {
                if let Ok(params) = serde_json::from_value::<DidChangeConfigurationParams>(note.params) {
                    self.state.reset(params.settings, now);
                }
            }
            notice::DidChangeWatchedFiles::METHOD => {
                if let Ok(params) = serde_json::from_value::<DidChangeWatchedFilesParams>(note.params) {
                    let uris: Vec<Uri> = params.changes.into_iter().map(|change| change.uri).collect();
                    self.state.changed_on_disk(&uris, now);
                }
            }
            notice::DidSaveTextDocument::METHOD => {
                if let Ok(params) = serde_json::from_value::<DidSaveTextDocumentParams>(note.params) {
                    self.state.changed_on_disk(&[params.text_document.uri], now);
                }
            }
            _ => {}
        }
    }

    /// Lenses and hints follow checks and runs: a client that can is told to ask for them anew; one that asks for findings,
    /// when there are others.
    fn refresh(&mut self) {
        let mut methods = self.refreshed.clone();
        if std::mem::take(&mut self.state.told) && self.pulls {
            methods.push(asked::WorkspaceDiagnosticRefresh::METHOD);
        }
        for method in methods {
            self.asked += 1;
            let id = RequestId::from(format!("refresh-{}", self.asked));
            self.send(Request::new(id, method.to_owned(), serde_json::Value::Null).into());
        }
    }

    fn publish(&self, shown: Vec<PublishDiagnosticsParams>) {
        if self.pulls {
            return;
        }
        for params in shown {
            self.send(Notification::new(notice::PublishDiagnostics::METHOD.to_owned(), params).into());
        }
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, why: &str) {
        self.send(Response::new_err(id, code as i32, why.to_owned()).into());
    }

    /// Sends; a client that hung up is noticed when the next message is awaited.
    fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }
}
