//! Running the program, and showing what a person would have seen.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Variables that would make the output depend on who runs the tests.
const LANGUAGE_VARIABLES: [&str; 5] = ["RULES_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "CLICOLOR_FORCE"];

/// A folder of its own with some files in it.
pub(crate) struct Place(TempDir);

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

impl Place {
    /// A folder with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    /// Writes one more file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Reads a file back.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is there")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The program, ready to run in this folder, without colours and languages of its surroundings.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rules"));
        command.args(args).current_dir(self.0.path());
        for name in LANGUAGE_VARIABLES {
            command.env_remove(name);
        }
        command.env("NO_COLOR", "1");
        command
    }

    /// Runs the program to its end.
    pub(crate) fn rules(&self, args: &[&str]) -> Run {
        self.rules_with(args, "")
    }

    /// Runs the program to its end with something on stdin.
    pub(crate) fn rules_with(&self, args: &[&str], stdin: &str) -> Run {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdin.take().expect("stdin is a pipe");
        let text = stdin.to_owned();
        let writer = std::thread::spawn(move || {
            // A program that does not read its stdin is no failure of the test.
            let _ = pipe.write_all(text.as_bytes());
        });
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the writer ends");
        Run {
            out: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            err: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
            code: output.status.code(),
        }
    }
}

impl Run {
    /// Everything, as it stands in a snapshot.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for (name, text) in [("stdout", &self.out), ("stderr", &self.err)] {
            if !text.is_empty() {
                shown.push_str(&format!("-- {name}\n{text}"));
                if !text.ends_with('\n') {
                    shown.push_str("⏎\n");
                }
            }
        }
        shown.push_str(&format!(
            "-- exit {}",
            self.code.map_or("by a signal".to_owned(), |code| code.to_string())
        ));
        shown
    }
}

/// The demo's bundle in a language, which ships with the repository.
pub(crate) fn demo_files(lang: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("the fixture is there");
    vec![
        ("shop/main.rules".to_owned(), read(&format!("{lang}/main.rules"))),
        ("shop/spam.csv".to_owned(), read("spam.csv")),
    ]
}

/// A folder with the demo's bundle in `shop`.
pub(crate) fn demo_place(lang: &str) -> Place {
    let files = demo_files(lang);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Place::with(&files)
}

/// Runs and compares with the snapshot; the arguments stand in its header.
macro_rules! snapshot {
    ($place:expr, $args:expr) => {
        $crate::program::snapshot!($place, $args, stdin "")
    };
    ($place:expr, $args:expr, stdin $stdin:expr) => {{
        let args: &[&str] = &$args;
        let run = $place.rules_with(args, $stdin);
        insta::with_settings!({
            description => format!("rules {}", args.join(" ")),
            omit_expression => true,
        }, {
            insta::assert_snapshot!(run.shown());
        });
        run
    }};
}
pub(crate) use snapshot;
