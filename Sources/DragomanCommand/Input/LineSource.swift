/// The lines that become requests, each with the line of a second file that is to be scored against it.
struct LineSource {
    struct Pair: Sendable {
        var line: Line
        var target: Line?
        var byteCount: Int { line.content.count + (target?.content.count ?? 0) }
    }

    private var lines: LineReader
    private var targets: LineReader?
    private let targetsName: String
    private let takesWholeText: Bool

    /// - Parameter takesWholeText: Whether the whole input is one request.
    init(_ input: InputFile, targets: InputFile? = nil, takesWholeText: Bool = false) {
        lines = LineReader(input)
        self.targets = targets.map(LineReader.init)
        targetsName = targets?.name ?? ""
        self.takesWholeText = takesWholeText
    }

    /// - Throws: `CommandError` when reading fails, or the two files do not have the same number of lines.
    mutating func next() throws(CommandError) -> Pair? {
        do {
            let line = takesWholeText ? try lines.rest() : try lines.next()
            guard targets != nil else { return line.map { Pair(line: $0) } }
            switch (line, try targets?.next()) {
            case (let line?, let target?): return Pair(line: line, target: target)
            case (nil, nil): return nil
            case (let line?, nil):
                throw CommandError(
                    .badData, "\(targetsName) ends before line \(line.number), which the input still has")
            case (nil, let target?):
                throw CommandError(.badData, "\(targetsName) goes on at line \(target.number), where the input ends")
            }
        } catch let error as CommandError {
            throw error
        } catch let error as SystemError {
            throw CommandError(.inputOutput, error.description)
        } catch {
            preconditionFailure("an error of another type: \(error)")
        }
    }
}
