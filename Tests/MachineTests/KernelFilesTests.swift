import Foundation
import MachineTestSupport
import Testing

@testable import Machine

@Suite("Reading the kernel's files")
struct KernelFilesTests {
    @Test("a file, one that is absent, a folder, one that is too large, one that is not UTF-8")
    func read() throws {
        let full = String(repeating: "x", count: KernelFiles.maximumSize)
        try KernelTree.with(["proc/a": "text\n", "proc/full": full, "proc/large": full + "x", "proc/latin": ""]) {
            files in
            // A name of which the kernel has cut the last character in two.
            try Data("aé".utf8.dropLast()).write(to: URL(filePath: files.proc + "/latin"))
            #expect(try KernelFiles.text(at: files.proc + "/a").text == "text\n")
            #expect(try KernelFiles.text(at: files.proc + "/full").text == full)
            #expect(try KernelFiles.text(at: files.proc + "/latin").text == "a\u{FFFD}")
            #expect(try KernelFiles.textIfPresent(at: files.proc + "/absent") == nil)
            for (name, code, reason) in [
                ("absent", MachineError.Code.unavailable, "No such file or directory"),
                ("", .unavailable, "Is a directory"),
                ("large", .malformed, "larger than 1048576 bytes"),
            ] {
                let path = "\(files.proc)/\(name)"
                let error = #expect(throws: MachineError.self) { try KernelFiles.text(at: path) }
                #expect(error == MachineError(code: code, path: path, reason: reason))
            }
        }
    }

    @Test("lines end with a line feed, all of them")
    func lines() throws {
        #expect(try KernelText("a\n\nb\n", path: "p").lines().map(\.text) == ["a", "", "b"])
        #expect(try KernelText("a\nb\n", path: "p").lines().map(\.number) == [1, 2])
        #expect(try KernelText("\n", path: "p").words() == [])
        #expect(throws: MachineError(code: .malformed, path: "p", reason: "it is empty")) {
            try KernelText("", path: "p").lines()
        }
        #expect(throws: MachineError(code: .malformed, path: "p", line: 2, reason: "it is cut short")) {
            try KernelText("a\n12", path: "p").lines()
        }
        #expect(throws: MachineError.self) { try KernelText("1\n2\n", path: "p").number() }
        #expect(throws: MachineError.self) { try KernelText("1 2\n", path: "p").number() }
        #expect(throws: MachineError.self) { try KernelText("\n", path: "p").number() }
    }

    @Test("errors say what, where and why")
    func messages() {
        let unavailable = MachineError(code: .unavailable, path: "/proc/9/fd", reason: "Permission denied")
        #expect("\(unavailable)" == "/proc/9/fd cannot be read: Permission denied")
        let refused = MachineError(code: .refused, path: "setrlimit(2)", reason: "Operation not permitted")
        #expect("\(refused)" == "setrlimit(2) was refused: Operation not permitted")
    }
}
