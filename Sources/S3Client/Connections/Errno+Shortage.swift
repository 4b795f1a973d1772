internal import SystemPackage

extension Errno {
    /// Whether the machine lacks something that may be there again in a moment: a descriptor of the process (`EMFILE`) or
    /// of the system (`ENFILE`), a local port (`EADDRNOTAVAIL`), memory for a socket (`ENOBUFS`, `ENOMEM`).
    var isShortage: Bool {
        switch self {
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .addressNotAvailable, .noBufferSpace, .noMemory: true
        default: false
        }
    }

    /// Whether it is descriptors that are lacking, of the process or of the system.
    var isLackOfDescriptors: Bool { self == .tooManyOpenFiles || self == .tooManyOpenFilesInSystem }
}
