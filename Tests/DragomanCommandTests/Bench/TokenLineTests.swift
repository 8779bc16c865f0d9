import DragomanCommand
import Testing

@Suite struct TokenLineTests {
    @Test(
        arguments: [
            ("a b", nil, ["a", "b"]),
            ("a\tb", nil, ["a", "b"]),
            ("\ta", nil, ["a"]),
            ("3 a", nil, ["3", "a"]),
            ("3", nil, ["3"]),
            ("3\u{301}\ta", nil, ["3\u{301}", "a"]),
            ("-\ta", nil, ["-", "a"]),
            ("٣\ta", nil, ["٣", "a"]),
            ("3\ta b", 3, ["a", "b"]),
            ("3\ta\t4", 3, ["a", "4"]),
            ("3\t\u{301}a </s>", 3, ["\u{301}a"]),
            ("3\t", 3, []),
            ("0\ta", 0, ["a"]),
            ("+007\ta", 7, ["a"]),
            ("9223372036854775807\ta", .max, ["a"]),
        ] as [(String, Int?, [String])])
    func `a number before a tab is a length, and all else is tokens`(text: String, length: Int?, tokens: [String])
        throws
    {
        let line = try TokenLine(text)
        #expect(line.length == length)
        #expect(line.tokens == tokens)
    }

    @Test(arguments: ["9223372036854775808", "-1", "-9223372036854775809", String(repeating: "9", count: 1000)])
    func `a number that cannot be a length is told, and not taken for a token`(number: String) {
        let error = #expect(throws: RequestError.self) { try TokenLine("\(number)\ta b") }
        #expect(error?.code == RequestError.Code.invalidOption.rawValue)
        let message = error?.message ?? ""
        #expect(message.contains("is \(number.prefix(40))"))
        #expect(message.contains("not a number from 0 to 9223372036854775807; give the number of tokens"))
        #expect(message.utf8.count < 300)
    }
}
