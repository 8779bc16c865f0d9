// Addresses, and the names of files.

extension SpanScanner {
    /// What begins a word: a URL, an address of e-mail, a host, a file.
    func address(at offset: Int) -> (kind: ProtectedSpan.Kind, end: Int)? {
        if let end = url(at: offset) { return (.url, end) }
        if let end = email(at: offset) { return (.email, end) }
        if let end = drivePath(at: offset) { return (.file, end) }
        if let end = host(at: offset) { return (.url, end) }
        return file(at: offset).map { (.file, $0) }
    }

    /// `scheme://…`, `mailto:…`, `www.…`
    private func url(at offset: Int) -> Int? {
        let scheme = scalars.skip(offset, reach: Self.markMaximum) {
            $0.isASCII && ($0.isAlphanumeric || $0 == "+" || $0 == "-" || $0 == ".")
        }
        let start: Int
        if starts(scheme, with: "://"), scheme > offset + 1 {
            start = scheme + 3
        } else if starts(offset, with: "mailto:") {
            start = offset + 7
        } else if starts(offset, with: "www.") {
            start = offset + 4
        } else {
            return nil
        }
        let end = urlEnd(start)
        return end > start ? end : nil
    }

    /// URLs end with a space, a quote or an angle bracket, and, as people write them, before the punctuation of the sentence.
    private func urlEnd(_ start: Int) -> Int {
        var end = scalars.skip(start) { scalar in
            if scalar.isASCII {
                return scalar.value > 0x20 && scalar != "<" && scalar != ">" && scalar != "\"" && scalar != "`"
            }
            return !scalar.isUnspaced && scalar.isAlphanumeric
        }
        while end > start, let last = scalars.last(of: start..<end) {
            let isLoose: Bool
            switch last {
            case ".", ",", ";", ":", "!", "?", "'", "*": isLoose = true
            case ")": isLoose = !isBalanced(start..<end, UInt8(ascii: "("), UInt8(ascii: ")"))
            case "]": isLoose = !isBalanced(start..<end, UInt8(ascii: "["), UInt8(ascii: "]"))
            default: isLoose = false
            }
            guard isLoose else { break }
            end = scalars.before(end)
        }
        return end
    }

    private func isBalanced(_ range: Range<Int>, _ open: UInt8, _ close: UInt8) -> Bool {
        // Names with more brackets than this are cut where they are wrong.
        range.suffix(Self.bytesMaximum).reduce(0) { depth, offset in
            let byte = scalars.byte(at: offset)
            return depth + (byte == open ? 1 : byte == close ? -1 : 0)
        } >= 0
    }

    private func email(at offset: Int) -> Int? {
        let local = scalars.skip(offset, reach: 2 * Self.markMaximum) {
            $0.isASCII && ($0.isAlphanumeric || "._%+-".unicodeScalars.contains($0))
        }
        guard byte(local) == UInt8(ascii: "@") else { return nil }
        let labels = labels(local + 1)
        guard labels.count > 1, let last = labels.last, last.count > 1, areLetters(last) else { return nil }
        return last.upperBound
    }

    /// A host that is written without a scheme, and what follows it. Only under the few domains that no word is taken for.
    private func host(at offset: Int) -> Int? {
        let labels = labels(offset)
        guard labels.count > 1, let last = labels.last, Self.domains.contains(scalars.text(last)) else { return nil }
        return byte(last.upperBound) == UInt8(ascii: "/") ? urlEnd(last.upperBound) : last.upperBound
    }

    /// The parts of a host name, without the full stop of a sentence.
    private func labels(_ start: Int) -> [Range<Int>] {
        var labels: [Range<Int>] = []
        var position = start
        while labels.count < Self.markMaximum {
            let end = scalars.skip(position, reach: 2 * Self.markMaximum) {
                $0.isASCII && ($0.isAlphanumeric || $0 == "-")
            }
            if end == position { break }
            labels.append(position..<end)
            guard byte(end) == UInt8(ascii: "."),
                scalars.scalar(at: end + 1).map({ $0.isASCII && $0.isAlphanumeric }) == true
            else { break }
            position = end + 1
        }
        return labels
    }

    /// `C:\…`
    private func drivePath(at offset: Int) -> Int? {
        guard starts(offset + 1, with: ":\\"), scalars.scalar(at: offset).map({ !$0.isDigit }) == true else {
            return nil
        }
        return pathEnd(offset + 3, separator: "\\")
    }

    /// `/usr/bin`, `~/notes`, `./run`, `../run`: two names or more where there is nothing but a slash in front.
    func rootedPath(at offset: Int, _ scalar: Unicode.Scalar) -> Int? {
        if scalar == "/" {
            guard let end = pathEnd(offset + 1, separator: "/"), end > offset + 3 else { return nil }
            return (offset + 2..<end - 1).contains { scalars.byte(at: $0) == UInt8(ascii: "/") } ? end : nil
        }
        for root in ["~/", "./", "../"] where starts(offset, with: root) {
            return pathEnd(offset + root.utf8.count, separator: "/")
        }
        return nil
    }

    /// A name, or names with slashes between them, whose last has an extension that files are known by.
    private func file(at offset: Int) -> Int? {
        guard let end = pathEnd(offset, separator: "/") else { return nil }
        let name = scalars.text(offset..<end)
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let known = name[name.utf8.index(after: dot)...]
        // "J.C. Smith" names no file.
        let isOneCase = known == known.lowercased() || known.utf8.count > 1 && known == known.uppercased()
        guard isOneCase, name.utf8.distance(from: name.startIndex, to: dot) > 1 else { return nil }
        return Self.extensions.contains(known.lowercased()) ? end : nil
    }

    /// The end of a path, without the punctuation of a sentence; nil for nothing.
    private func pathEnd(_ start: Int, separator: Unicode.Scalar) -> Int? {
        let end = scalars.skip(start, reach: Self.bytesMaximum) {
            $0 == separator || $0 == "_" || $0 == "." || $0 == "-" || $0 == "+" || $0.isAlphanumeric
        }
        let kept = scalars.skipBack(start..<end) { $0 == "." || $0 == "-" || $0 == "+" }
        return kept > start ? kept : nil
    }

    private func areLetters(_ range: Range<Int>) -> Bool {
        range.allSatisfy { (0x61...0x7A).contains(scalars.byte(at: $0) | 0x20) }
    }

    private func starts(_ offset: Int, with text: StaticString) -> Bool {
        guard offset + text.utf8CodeUnitCount <= scalars.end else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { scalars.byte(at: offset + $0) == text.utf8Start[$0] }
    }

    private func starts(_ offset: Int, with text: String) -> Bool {
        guard offset + text.utf8.count <= scalars.end else { return false }
        return zip(text.utf8, offset...).allSatisfy { scalars.byte(at: $1) == $0 }
    }

    /// Domains that follow no full stop that was meant as one.
    private static let domains: Set<String> = ["com", "org", "net", "edu", "gov", "io", "dev", "eu"]

    /// Of files that people write about.
    private static let extensions: Set<String> = [
        "txt", "md", "rst", "pdf", "doc", "docx", "odt", "rtf", "tex", "xls", "xlsx", "ods", "csv", "tsv", "ppt",
        "pptx", "odp",
        "epub", "html", "htm", "xml", "css", "js", "ts", "json", "jsonl", "yaml", "yml", "toml", "ini", "cfg", "conf",
        "log",
        "py", "rb", "pl", "php", "java", "kt", "swift", "c", "h", "cc", "cpp", "hpp", "cs", "rs", "go", "sh", "bat",
        "sql", "db",
        "sqlite", "zip", "gz", "bz2", "xz", "zst", "tar", "tgz", "rar", "7z", "iso", "img", "deb", "rpm", "exe", "dll",

        "jar", "apk", "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "tif", "tiff", "ico", "mp3", "ogg", "flac",
        "wav", "mp4",
        "mkv", "avi", "mov", "webm", "srt", "vtt", "po", "pot", "xliff", "tmx", "bak", "tmp", "bin", "dat",
    ]
}
