package import JobModel

/// Only what is given is written, each with its number in front; 0 ends the list. Numbers are never used twice.
extension SearchOptions: BlobCodable {
    package func write(to writer: inout BlobWriter) {
        func put(_ number: UInt8, _ value: (some BlobCodable)?) {
            guard let value else { return }
            writer.append(number)
            writer.write(value)
        }
        put(1, beamSize)
        put(2, nBest)
        put(3, lengthPenalty)
        put(4, maximumLength)
        put(5, minimumLength)
        put(6, maximumLengthRatio)
        put(7, minimumLengthRatio)
        put(8, earlyStopping)
        put(9, patience)
        put(10, repetitionPenalty)
        put(11, noRepeatNgramSize)
        put(12, suppress)
        put(13, forceFirstToken)
        put(14, prefix)
        put(15, renormalizeScores)
        put(16, samplingTopK)
        put(17, samplingTopP)
        put(18, temperature)
        put(19, seed)
        put(20, alignments)
        put(21, returnScores)
        writer.append(0)
    }

    package init(from reader: inout BlobReader) throws(BlobError) {
        self.init()
        while true {
            switch try reader.byte() {
            case 0: return
            case 1: beamSize = try reader.read(Int.self)
            case 2: nBest = try reader.read(Int.self)
            case 3: lengthPenalty = try reader.read(Float.self)
            case 4: maximumLength = try reader.read(Int.self)
            case 5: minimumLength = try reader.read(Int.self)
            case 6: maximumLengthRatio = try reader.read(Float.self)
            case 7: minimumLengthRatio = try reader.read(Float.self)
            case 8: earlyStopping = try reader.read(EarlyStoppingRule.self)
            case 9: patience = try reader.read(Float.self)
            case 10: repetitionPenalty = try reader.read(Float.self)
            case 11: noRepeatNgramSize = try reader.read(Int.self)
            case 12: suppress = try reader.read([String].self)
            case 13: forceFirstToken = try reader.read(String.self)
            case 14: prefix = try reader.read(Source.self)
            case 15: renormalizeScores = try reader.read(Bool.self)
            case 16: samplingTopK = try reader.read(Int.self)
            case 17: samplingTopP = try reader.read(Float.self)
            case 18: temperature = try reader.read(Float.self)
            case 19: seed = try reader.read(UInt64.self)
            case 20: alignments = try reader.read(Bool.self)
            case 21: returnScores = try reader.read(Bool.self)
            case let other: throw BlobError("search option \(other) is unknown")
            }
        }
    }
}
