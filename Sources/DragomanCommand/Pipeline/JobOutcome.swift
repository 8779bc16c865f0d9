import DragomanEngine
package import JobModel

/// What is written of a submitted job: its id, or its translations as `dragoman translate` writes them.
package struct JobOutcome: Sendable {
    package enum Style: Sendable, Equatable {
        /// One line a job.
        case ids
        /// One result a source.
        case translations(ResultFormat)
    }

    package var style: Style
    package var isJSON: Bool

    package init(style: Style, isJSON: Bool) {
        self.style = style
        self.isJSON = isJSON
    }

    package func accepted(_ draft: DraftJob, duplicate: Bool) -> Outcome {
        guard isJSON else { return Outcome(output: Array("\(draft.job.id)\n".utf8)) }
        var json = JSONText()
        json.object { json in
            json.member("index", draft.firstIndex)
            json.member("job_id", draft.job.id.description)
            if duplicate { json.member("duplicate", true) }
        }
        return Outcome(output: json.bytes + [UInt8(ascii: "\n")])
    }

    /// The translations of a job that is done, or why it is not.
    package func finished(_ draft: DraftJob, _ record: Record) -> Outcome {
        guard case .translations(let format) = style else { return accepted(draft, duplicate: false) }
        guard record.state == .done, record.outputs.count == draft.lines.count else {
            return failed(draft, RequestError(record))
        }
        var whole = Outcome(output: [])
        for (offset, (line, output)) in zip(draft.lines, record.outputs).enumerated() {
            let request = TranslationRequest(draft.job.sources[offset])
            let part = format.outcome(
                index: draft.firstIndex + offset, line: line, request: request, output)
            whole.output += part.output
            whole.messages += part.messages
            whole.tokenCount += part.tokenCount
        }
        return whole
    }

    package func failed(_ draft: DraftJob, _ error: RequestError) -> Outcome {
        switch style {
        case .ids:
            return failed(error, draft.lines[0], index: draft.firstIndex)
        case .translations:
            var whole = Outcome(output: [], hasFailed: true)
            for (offset, line) in draft.lines.enumerated() {
                let part = failed(error, line, index: draft.firstIndex + offset)
                whole.output += part.output
                whole.messages += part.messages
            }
            return whole
        }
    }

    /// Its place stays empty, so that lines stay aligned.
    package func failed(_ error: RequestError, _ line: Line, index: Int) -> Outcome {
        let format =
            if case .translations(let format) = style { format } else {
                ResultFormat(style: isJSON ? .json : .best, input: .lines)
            }
        return format.outcome(index: index, line: line, error)
    }
}

extension RequestError {
    /// Why a job has no translations.
    init(_ record: Record) {
        self.init(.invalidRequest, record.failure?.message ?? "the job is \(record.state)")
        code = record.failure?.code ?? "\(record.state)"
    }

    init(_ rejection: Rejection) {
        self.init(.invalidRequest, rejection.message)
        code = rejection.code.name
    }
}

extension Rejection.Code {
    /// As in the published protocol, in small letters.
    package var name: String {
        switch self {
        case .retryLater: "retry_later"
        case .invalid: "invalid"
        case .tooLarge: "too_large"
        case .conflict: "conflict"
        case .forbidden: "forbidden"
        case .unsupported: "unsupported"
        }
    }
}
