package import ArgumentParser
import DragomanClient
import JobModel

/// `dragoman results`
package struct ResultsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "results", abstract: "Reads results, in order, each at least once.",
        discussion: """
            Examples:
              dragoman results --consumer nightly > results.tsv
              dragoman results --consumer nightly --follow --json
              dragoman results --consumer me --from 1 --no-ack --limit 10

            The broker keeps a place in its result log for every consumer's name. Records come from there on (for a \
            new name: from the oldest that is kept), up to the log's present end, or with --follow without end. A record \
            is acknowledged when it has been written to a file or a terminal, or when the reader of a pipe has taken \
            it: what `| head -2` does not read comes again the next time. Files are not synced; where a power failure \
            must lose nothing, keep the records until then (--no-ack). Two commands at a time under one name get into \
            each other's way; the later one goes on.

            Output, for each output of a record, separated by tabs:
              sequence  job id  state  translation, or why there is none
            with line breaks as \\n. With --json, one object a record, with the keys of
            the published protocol.

            A log has an identity, which `dragoman status --json` shows as log_id. It changes when the broker's store \
            was restored from a backup or copied: the same numbers may be of other records then. A command that is \
            reading when that happens says so and ends; one that begins with --log refuses any other log.

            Records that --topic leaves out are acknowledged like the others.

            Exit status: 0, 64 for wrong arguments, 69 when no broker answers, 74 when writing fails, 76 when the \
            broker refuses or another consumer took the name, 77 when the key may not read results, 141 when the \
            reader of the output has gone.
            """)

    @Option(help: ArgumentHelp("Whose place in the log.", valueName: "name"))
    var consumer: String

    @Flag(name: .shortAndLong, help: "Wait for what comes after the log's present end.")
    var follow = false

    @Option(help: ArgumentHelp("Begin with this record.", valueName: "sequence"))
    var from: UInt64?

    @Option(help: ArgumentHelp("Refuse any other log than this one.", valueName: "log id"))
    var log: String?

    @Option(help: ArgumentHelp("Only records whose topic begins so.", valueName: "prefix"))
    var topic: String?

    @Option(help: ArgumentHelp("End after so many records.", valueName: "n"))
    var limit: Int?

    @Flag(name: .customLong("no-ack"), help: "Leave the consumer's place in the log where it is.")
    var leavesPlace = false

    @Flag(help: "Write one JSON object a record.")
    var json = false

    @OptionGroup(title: "Brokers")
    var connection: ConnectionFlags

    package init() {}

    package func validate() throws {
        guard (1...Limit.name).contains(consumer.utf8.count) else {
            throw ValidationError("--consumer must have 1 to \(Limit.name) bytes, not \(consumer.utf8.count)")
        }
        guard connection.resultsEndpoints.count <= 1 else {
            throw ValidationError("results are read from one broker; give --results-endpoint once")
        }
        if from == 0 { throw ValidationError("--from must be 1 or more; records are counted from 1") }
        if let log, LogID(log) == nil { throw ValidationError("--log must be 32 hexadecimal digits, not \(log)") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
    }

    package func run() async throws {
        let connection = try connection.connection()
        let messages = OutputFile.standardError
        var options = Results.Options()
        options.movesCursor = !leavesPlace
        options.patience = connection.patience
        options.log = log.flatMap { LogID($0) }
        options.onDropped = { sequences in
            let range = "\(sequences.lowerBound) to \(sequences.upperBound)"
            try? messages.write(
                ProgressLine.erasureOnTerminal + "dragoman: records \(range) are kept no more, and were left out\n")
        }
        let results = connection.client.results(consumer: consumer, from: from, options: options)
        var session = ResultsSession(
            format: RecordFormat(isJSON: json), topic: topic, limit: limit, follows: follow,
            output: .standardOutput)
        // On a terminal the output itself shows how far things are.
        if messages.isTerminal, !OutputFile.standardOutput.isTerminal { session.messages = messages }
        do {
            let position = try await results.position()
            try await session.run(results, upTo: position) { results.acknowledge(upTo: $0) }
        } catch let error as ClientError {
            throw CommandError(error)
        } catch {
            // What was written is acknowledged even if the next record cannot be.
            await results.close()
            throw error
        }
        await results.close()
    }
}
