import JobModel
import Testing

@Suite struct CountedTests {
    @Test(arguments: [(0, "0 jobs"), (1, "1 job"), (2, "2 jobs"), (11, "11 jobs")])
    func `a noun agrees with its number`(count: Int, text: String) {
        #expect(count.counted("job") == text)
        #expect(UInt64(count).counted("job") == text)
    }
}
