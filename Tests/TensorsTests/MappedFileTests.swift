import Foundation
import Tensors
import TestKit
import Testing

@Suite struct MappedFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a file's bytes are all there`() throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 31) }
        let file = try MappedFile(path: folder.write("some", bytes))
        withExtendedLifetime(file) { #expect(Array($0.bytes) == bytes) }
    }

    @Test func `an empty file has no bytes`() throws {
        #expect(try MappedFile(path: folder.write("empty", "")).bytes.isEmpty)
    }

    @Test func `what is unloaded takes no memory until it is read again`() throws {
        let bytes = (0..<(8 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let path = try folder.write("large", bytes)
        let file = try MappedFile(path: path)
        let half = UnsafeRawBufferPointer(rebasing: file.bytes[5_000..<(4 << 20) - 1])
        try withExtendedLifetime(file) { (file) throws in
            #expect(file.bytes.elementsEqual(bytes))
            let all = try ResidentMemory.ofFile(path)
            #expect(all == bytes.count)
            // A part that begins and ends inside pages, the last byte, and none.
            file.unload(half)
            let rest = try ResidentMemory.ofFile(path)
            #expect(rest == bytes.count / 2)
            file.unload(UnsafeRawBufferPointer(rebasing: file.bytes[(bytes.count - 1)...]))
            let last = try ResidentMemory.ofFile(path)
            #expect(last == bytes.count / 4)
            file.unload(UnsafeRawBufferPointer(rebasing: file.bytes[..<0]))
            #expect(file.bytes.elementsEqual(bytes))
        }
    }

    @Test func `a tensor is let go of where it lies`() throws {
        let path = try folder.write("tensor", [UInt8](repeating: 0, count: 8 << 20))
        let file = try MappedFile(path: path)
        // The second half of the file.
        let tensor = StoredTensor(
            elementType: .float16, shape: [2 << 20], bytes: UnsafeRawBufferPointer(rebasing: file.bytes[(4 << 20)...]),
            owner: file)
        #expect(file.bytes.allSatisfy { $0 == 0 })
        tensor.unload(1 << 20..<2 << 20)
        let rest = try ResidentMemory.ofFile(path)
        #expect(rest == 6 << 20)
        #expect(tensor.firstNonFinite() == nil)
        let half = try ResidentMemory.ofFile(path)
        // A touch brings some of its neighbours, too.
        #expect(half < 4 << 20 | 1 << 18)
        withExtendedLifetime(file) {}
    }

    @Test func `the bytes outlive the file's name and what replaces it`() throws {
        let path = try folder.write("old", "old contents")
        let file = try MappedFile(path: path)
        try folder.write("new", "new contents, longer")
        #expect(rename(folder.file("new").path, path) == 0)
        withExtendedLifetime(file) { #expect(String(decoding: $0.bytes, as: UTF8.self) == "old contents") }
    }

    @Test func `a missing file is told by the system's words`() throws {
        let failure = #expect(throws: MappedFile.Failure.self) {
            try MappedFile(path: folder.file("absent").path)
        }
        #expect(failure?.isMissing == true)
        #expect(failure?.description == "\(folder.file("absent").path): open: No such file or directory")
    }

    @Test func `a folder is not a file`() throws {
        let failure = #expect(throws: MappedFile.Failure.self) { try MappedFile(path: folder.url.path) }
        #expect(failure?.errorNumber == EISDIR)
    }

    @Test(.timeLimit(.minutes(30))) func `a pipe is refused without waiting for its other end`() throws {
        let path = folder.file("pipe").path
        #expect(mkfifo(path, 0o600) == 0)
        let failure = #expect(throws: MappedFile.Failure.self) { try MappedFile(path: path) }
        #expect(failure?.reason == "not a regular file")
    }

    @Test func `a device is not a file`() {
        #expect(throws: MappedFile.Failure.self) { try MappedFile(path: "/dev/zero") }
    }

    @Test func `a name with a NUL does not open the file before it`() throws {
        let path = try folder.write("name", "contents")
        #expect(throws: MappedFile.Failure.self) { try MappedFile(path: path + "\0.other") }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
    func `a file that may not be read is told by the system's words`() throws {
        let path = try folder.write("secret", "contents")
        #expect(chmod(path, 0) == 0)
        let failure = #expect(throws: MappedFile.Failure.self) { try MappedFile(path: path) }
        #expect(failure?.errorNumber == EACCES)
    }
}
