package import JobModel

/// What `dragoman top` shows of brokers, as lines for a terminal of any size.
package struct TopScreen: Sendable {
    package struct Size: Sendable, Equatable {
        package var columns: Int
        package var rows: Int

        package init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    package struct Line: Sendable, Equatable {
        package var text: String
        package var isHeading = false
    }

    private struct Broker: Sendable {
        var endpoint: String
        /// The last one that there was.
        var report: StatusReport?
        var rates = StatusRates()
        /// Why there is no newer report.
        var problem: String?
    }

    private var brokers: [Broker]

    package init(endpoints: [String]) { brokers = endpoints.map { Broker(endpoint: $0) } }

    /// - Parameter endpoint: Of its addresses, the one that is used.
    package mutating func take(_ report: StatusReport, of broker: Int, at endpoint: String) {
        brokers[broker].endpoint = endpoint
        brokers[broker].rates.add(report)
        brokers[broker].report = report
        brokers[broker].problem = nil
        // Those that are behind are what one wants to see, also where there is no room for all.
        brokers[broker].report?.consumers.sort { ($1.lag, $0.tenant, $0.name) < ($0.lag, $1.tenant, $1.name) }
    }

    package mutating func take(problem: String, of broker: Int) { brokers[broker].problem = problem }

    /// - Parameter time: Of the day, for the first line.
    package func lines(in size: Size, time: String) -> [Line] {
        guard size.columns > 0, size.rows > 0 else { return [] }
        var figures: [[Line]] = brokers.map(Self.figures)
        figures[0].insert(Line(text: "dragoman top  \(time)  q: quit", isHeading: true), at: 0)
        let tables = brokers.map { broker in
            broker.report.map { StatusText($0, endpoint: broker.endpoint).tables.map(TextTable.lines) } ?? []
        }
        // With a blank line before each.
        let room = size.rows - figures.reduce(0) { $0 + $1.count } - (brokers.count - 1)
        let heights = Self.heights(of: tables.flatMap(\.self).map { $0.count + 1 }, in: room)
        var lines: [Line] = []
        var table = 0
        for (broker, figures) in figures.enumerated() {
            lines += (broker == 0 ? [] : [Line(text: "")]) + figures
            for rows in tables[broker] {
                lines += Self.lines(of: rows, in: heights[table])
                table += 1
            }
        }
        // Behind a line that takes all columns, the cursor stands on the last one, and what clears the rest of the line
        // would take it away.
        return lines.prefix(size.rows).map {
            Line(text: TextColumns.cut($0.text, to: size.columns - 1), isHeading: $0.isHeading)
        }
    }

    private static func figures(of broker: Broker) -> [Line] {
        let problem = broker.problem.map { [Line(text: ControlCharacters.escaped($0), isHeading: true)] } ?? []
        guard let report = broker.report else {
            return problem.isEmpty ? [Line(text: "\(broker.endpoint) has not answered yet")] : problem
        }
        var rows = StatusText(report, endpoint: broker.endpoint).figures
        if let rates = broker.rates.text { rows.append(["speed", rates]) }
        return problem + TextTable.lines(rows).map { Line(text: $0) }
    }

    /// A table in so many lines, of which the first is blank.
    private static func lines(of rows: [String], in height: Int) -> [Line] {
        // A heading alone says nothing.
        guard height >= 3 || height > rows.count else { return [] }
        let isCut = rows.count + 1 > height
        let shown = isCut ? rows.prefix(height - 2) : rows[...]
        let rest = isCut ? [Line(text: "… and \(Quantity.grouped(rows.count - shown.count)) more")] : []
        return [Line(text: "")] + shown.enumerated().map { Line(text: $1, isHeading: $0 == 0) } + rest
    }

    /// What each of several gets that want so much: what is left by those that want less is for the others.
    package static func heights(of wanted: [Int], in room: Int) -> [Int] {
        var heights = Array(repeating: 0, count: wanted.count)
        var left = max(room, 0)
        // From the least on.
        for (place, index) in wanted.indices.sorted(by: { (wanted[$0], $0) < (wanted[$1], $1) }).enumerated() {
            heights[index] = min(wanted[index], left / (wanted.count - place))
            left -= heights[index]
        }
        return heights
    }
}
