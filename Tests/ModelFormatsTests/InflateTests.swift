import Archives
import ModelFormats
import TestKit
import Testing

/// Vectors are zlib's: `zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)` of Python 3.11.
@Suite struct InflateTests {
    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    private static let fixed = bytes(
        "2bc94855c8cdccc951282e49cc4b295648aa5428010a156596a516e98099e519a9a9390a25a54579c51081e292fcbc548880355860a4e8"
            + "0700")
    private static let dynamic = bytes(
        "1d50db0d003108fa770a56ab6fdd7f80c36b9b264604a403b087e902101d8267a9fb067702ae811a2c8465e34dc26bd68d63bcf116c428"
            + "30d21c33d7c24ee83f0c4eb90c7ad95e3cf0fd2d0c9e5295bcc98b59f88b959e66e97e526928fa729542ce6961e56c515111f548de"
            + "0af2b6adb71e8e9c9eb2fd04ea8821b0cb3d7b82e23a3dc20e6d68a8ab418d3515eda71d66e00432009cc6ef94e0ae311a3a8a712e"
            + "047e5ca4a1628ea4e673ec9a8ab4bbd27967df8eb890e45612ba8ff40b24638a315f26f5e75c49f24bab18cf07")

    private func inflate(_ input: [UInt8], count: Int) throws(Inflate.Failure) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        // `withUnsafeBytes` has no typed throws.
        let failure = input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output -> Inflate.Failure? in
                do throws(Inflate.Failure) {
                    try Inflate.inflate(input, into: output)
                    return nil
                } catch {
                    return error
                }
            }
        }
        if let failure { throw failure }
        return output
    }

    @Test func `blocks of every kind are read`() throws {
        #expect(try inflate(Self.bytes("0300"), count: 0) == [])
        #expect(try inflate(Self.bytes("010600f9ff73746f726564"), count: 6) == Array("stored".utf8))
        let text = "the mill stands by the river, the wheel turns, the stone turns; "
        #expect(try inflate(Self.fixed, count: 300) == Array(String(repeating: text, count: 5).utf8.prefix(300)))
        let random = try inflate(Self.dynamic, count: 400)
        #expect(random.starts(with: "he  ca ihg   ehe\n acfbjai ".utf8))
        #expect(random.withUnsafeBytes(CRC32.checksum) == 3_968_538_538)
    }

    @Test func `the checksum is that of zip`() {
        #expect(Array("123456789".utf8).withUnsafeBytes(CRC32.checksum) == 0xCBF4_3926)
        #expect([UInt8]().withUnsafeBytes(CRC32.checksum) == 0)
    }

    @Test func `another size is an error, and nothing is written beyond it`() {
        for count in [0, 1, 299, 301, 5000] {
            #expect(throws: Inflate.Failure.otherSize) { try inflate(Self.fixed, count: count) }
        }
    }

    @Test func `input that is cut is an error`() {
        for input in [Self.fixed, Self.dynamic, Self.bytes("010600f9ff73746f726564")] {
            let size = input == Self.fixed ? 300 : input == Self.dynamic ? 400 : 6
            for count in 0..<input.count {
                #expect(throws: Inflate.Failure.self) { try inflate(Array(input.prefix(count)), count: size) }
            }
        }
    }

    @Test func `damaged input gives some output or an error`() {
        var damage = Damage(generator: SeededRandom(seed: 77))
        var errors = 0
        for _ in 0..<Fixtures.mutations {
            let input = damage.applied(to: Self.dynamic, before: Self.dynamic.count)
            do { _ = try inflate(input, count: 400) } catch { errors += 1 }
        }
        #expect(errors > 0)
    }
}
