package import JobModel

/// Makes jobs of files, one after the other, reading no more than the next job needs.
package struct JobSource {
    package var template: Job
    package var format: SubmitFormat
    /// Sources of a job.
    package var group = 1
    /// Makes ids that a second run makes again.
    package var key: String?

    private var files: [InputFile]
    private var reader: LineReader?
    /// Sources so far, and jobs.
    private var index = 0
    private var place = 0
    /// What is wrong with a line that was read after those of the last job.
    private var failure: (error: RequestError, line: Line)?

    package init(_ files: [InputFile], format: SubmitFormat, template: Job) {
        self.files = files.reversed()
        self.format = format
        self.template = template
    }

    /// - Throws: `CommandError` when reading fails.
    package mutating func next() throws(CommandError) -> DraftItem? {
        if failure != nil { return takeFailure() }
        var lines: [Line] = []
        var sources: [Source] = []
        while lines.count < group, let line = try nextLine() {
            do throws(RequestError) {
                if format == .jsonl { return .job(try draft(line)) }
                sources.append(try Source.text(line.text()).withoutNUL())
                lines.append(line)
            } catch {
                failure = (error, line)
                break
            }
        }
        // What is a job already goes first.
        guard !lines.isEmpty else { return takeFailure() }
        var job = template
        job.sources = sources
        // What the texts do not have would only take room.
        job.glossary = template.glossary?.part(for: sources, job.options)
        return .job(finished(job, lines))
    }

    private mutating func takeFailure() -> DraftItem? {
        guard let (error, line) = failure.take() else { return nil }
        defer { index += 1 }
        return .failure(error, line: line, index: index)
    }

    private mutating func draft(_ line: Line) throws(RequestError) -> DraftJob {
        let request = try JSONJob(try line.text())
        let job = try request.job(template: template)
        for source in job.sources { _ = try source.withoutNUL() }
        return finished(job, Array(repeating: line, count: job.sources.count), hasID: request.hasID)
    }

    private mutating func finished(_ job: Job, _ lines: [Line], hasID: Bool = false) -> DraftJob {
        var job = job
        if !hasID { job.id = key.map { .content(key: $0, place: place, job.sources) } ?? .random() }
        place += 1
        defer { index += lines.count }
        return DraftJob(job: job, lines: lines, firstIndex: index)
    }

    private mutating func nextLine() throws(CommandError) -> Line? {
        do throws(SystemError) {
            while true {
                if reader == nil {
                    guard let file = files.popLast() else { return nil }
                    reader = LineReader(file)
                }
                if let line = format == .document ? try reader?.rest() : try reader?.next() { return line }
                reader = nil
            }
        } catch {
            throw CommandError(.inputOutput, error.description)
        }
    }
}

extension JobID {
    fileprivate static func content(key: String, place: Int, _ sources: [Source]) -> JobID {
        ContentID.id(key: key, place: place, sources)
    }
}

extension Source {
    /// The protocol's texts have no NUL: a broker would refuse the whole message, and all jobs in it.
    fileprivate func withoutNUL() throws(RequestError) -> Source {
        let texts: [String] =
            switch self {
            case .text(let text): [text]
            case .tokens(let tokens): tokens
            }
        guard texts.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw RequestError(.invalidRequest, "has a NUL character, which a queued text cannot have; remove it")
        }
        return self
    }
}

extension Line {
    func text() throws(RequestError) -> String {
        guard !isTooLong else {
            throw RequestError(.tooLong, "longer than \(LineReader.lineBytesMaximum >> 20) MiB")
        }
        return try StrictUTF8.string(content)
    }
}
