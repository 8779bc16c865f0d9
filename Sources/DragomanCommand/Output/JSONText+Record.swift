package import JobModel

extension JSONText {
    /// `{"sequence","job_id","state","outputs":[…],"error"?,…}`: keys as in the published protocol.
    package mutating func record(_ record: Record) {
        object { json in
            json.member("sequence", record.sequence)
            json.member("job_id", record.job.description)
            json.member("state", "\(record.state)")
            if record.isPartial { json.member("partial", true) }
            if !record.outputs.isEmpty {
                json.key("outputs")
                json.array(record.outputs) { json, output in
                    json.object { json in
                        json.key("hypotheses")
                        json.array(output.hypotheses) { $0.hypothesis($1) }
                        json.remarks(output)
                    }
                }
            }
            if !record.pieces.isEmpty {
                json.key("pieces")
                json.array(record.pieces) { $0.piece($1) }
            }
            if let failure = record.failure { json.failure(failure) }
            if !record.topic.isEmpty { json.member("topic", record.topic) }
            if !record.trace.isEmpty { json.member("trace", record.trace) }
            if !record.model.isEmpty { json.member("model", record.model) }
            json.member("accepted_at_ms", record.acceptedAt)
            json.member("finished_at_ms", record.finishedAt)
            json.member("attempts", record.attempts)
            if let job = record.retryOf { json.member("retry_of", job.description) }
        }
    }

    mutating func failure(_ failure: Failure) {
        key("error")
        object { json in
            json.member("code", failure.code)
            json.member("message", failure.message)
        }
    }

    private mutating func hypothesis(_ hypothesis: Hypothesis) {
        object { json in
            json.member("text", hypothesis.text)
            if let score = hypothesis.score {
                json.key("score")
                json.number(score)
            }
            if hypothesis.isTruncated { json.member("truncated", true) }
            if !hypothesis.tokens.isEmpty {
                json.key("tokens")
                json.array(hypothesis.tokens) { $0.string($1) }
            }
            if !hypothesis.tokenScores.isEmpty {
                json.key("token_scores")
                json.array(hypothesis.tokenScores) { $0.number($1) }
            }
            if let alignment = hypothesis.alignment {
                json.key("alignment")
                json.array(alignment) { json, row in json.array(row) { $0.number($1) } }
            }
        }
    }

    private mutating func piece(_ piece: Piece) {
        object { json in
            json.member("source", piece.source)
            if let bytes = piece.bytes {
                json.member("begin", bytes.lowerBound)
                json.member("end", bytes.upperBound)
            }
        }
    }
}
