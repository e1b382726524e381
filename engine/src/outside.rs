//! What the system says, in both languages.
//!
//! It speaks English, and of itself: `No such file or directory (os error 2)`. What people meet often is said here in their
//! words; anything else keeps its own, for a number to search for is better than nothing.

use std::io::{self, ErrorKind};

use switchboard_grammar::diagnostic::Text;

/// Why a file cannot be read or written, to stand behind its name.
pub fn system_error(error: &io::Error) -> Text {
    let (en, ru) = match error.kind() {
        ErrorKind::NotFound => ("there is no such file or folder", "такого файла или папки нет"),
        ErrorKind::PermissionDenied => ("it may not be accessed (permissions)", "нет прав на доступ"),
        ErrorKind::IsADirectory => ("it is a folder, not a file", "это папка, а не файл"),
        ErrorKind::NotADirectory => {
            ("a file stands where a folder should be", "на месте папки в этом пути стоит файл")
        }
        ErrorKind::AlreadyExists => ("it is there already", "уже существует"),
        ErrorKind::DirectoryNotEmpty => ("the folder is not empty", "папка не пуста"),
        ErrorKind::StorageFull => ("the disk is full", "на диске нет места"),
        ErrorKind::QuotaExceeded => ("the quota of the disk is used up", "исчерпана квота диска"),
        ErrorKind::ReadOnlyFilesystem => ("the disk can only be read", "диск доступен только для чтения"),
        ErrorKind::FileTooLarge => ("the file is too large", "файл слишком велик"),
        ErrorKind::InvalidFilename => ("there can be no such name", "такого имени быть не может"),
        ErrorKind::InvalidData => ("it holds no text in UTF-8", "в нём не текст в UTF-8"),
        ErrorKind::TimedOut => ("it took too long", "вышло время ожидания"),
        _ => return Text::same(error.to_string()),
    };
    Text::new(en, ru)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_often_says_is_said_in_russian() {
        assert_eq!(system_error(&io::Error::from_raw_os_error(2)).ru, "такого файла или папки нет");
        assert_eq!(system_error(&io::Error::from_raw_os_error(13)).ru, "нет прав на доступ");
        let rare = io::Error::from_raw_os_error(5);
        assert_eq!(system_error(&rare).ru, rare.to_string());
    }
}
