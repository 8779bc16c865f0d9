import DragomanCommand
import Testing

@Suite struct HangupTests {
    @Test func `only the end of a terminal that a process was not told to outlive stops it`() {
        #expect(Hangup(hasTerminal: true, isIgnored: false) == .stop)
        #expect(Hangup(hasTerminal: true, isIgnored: true) == .reload)
        #expect(Hangup(hasTerminal: false, isIgnored: false) == .reload)
        #expect(Hangup(hasTerminal: false, isIgnored: true) == .reload)
    }
}
