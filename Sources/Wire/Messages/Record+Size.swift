package import JobModel

extension Record {
    /// What it takes on the wire, in bytes, without encoding it: a little more than it will be, never less.
    package var wireSizeBound: Int {
        // Every number at its longest, in the record and in the envelope around it.
        var size = 192 + topic.utf8.count + trace.utf8.count + model.utf8.count + pieces.count * 28
        if let failure { size += 12 + failure.code.utf8.count + failure.message.utf8.count }
        for output in outputs {
            size += 6
            for hypothesis in output.hypotheses { size += hypothesis.wireSizeBound }
        }
        return size
    }
}

extension Output.Hypothesis {
    fileprivate var wireSizeBound: Int {
        var size = 48 + text.utf8.count + tokenScores.count * 4 + segmentScores.count * 9
        for token in tokens { size += 6 + token.utf8.count }
        for row in alignment { size += 12 + row.count * 4 }
        return size
    }
}
