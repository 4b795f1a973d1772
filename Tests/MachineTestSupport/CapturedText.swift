/// What a Linux 6.18 wrote, byte for byte but for identifiers.
public enum CapturedText {
    /// The text of `/proc/self/limits`.
    public static let limits = """
        Limit                     Soft Limit           Hard Limit           Units     
        Max cpu time              unlimited            unlimited            seconds   
        Max file size             unlimited            unlimited            bytes     
        Max data size             unlimited            unlimited            bytes     
        Max stack size            8388608              unlimited            bytes     
        Max core file size        0                    unlimited            bytes     
        Max resident set          unlimited            unlimited            bytes     
        Max processes             96365                96365                processes 
        Max open files            1024                 20000                files     
        Max locked memory         8388608              8388608              bytes     
        Max address space         unlimited            unlimited            bytes     
        Max file locks            unlimited            unlimited            locks     
        Max pending signals       96365                96365                signals   
        Max msgqueue size         819200               819200               bytes     
        Max nice priority         0                    0                    
        Max realtime priority     0                    0                    
        Max realtime timeout      unlimited            unlimited            us        

        """

    /// `/proc/self/status`, without some lines that no probe reads.
    public static let status = """
        Name:\tgauge (x): y
        Umask:\t0022
        State:\tR (running)
        Tgid:\t4711
        Ngid:\t0
        Pid:\t4711
        PPid:\t1
        Uid:\t1000\t0\t0\t0
        Gid:\t0\t0\t0\t0
        FDSize:\t64
        Groups:\t0 
        VmPeak:\t   26200 kB
        VmSize:\t   26000 kB
        VmLck:\t       4 kB
        VmHWM:\t   15300 kB
        VmRSS:\t   15200 kB
        VmData:\t    3060 kB
        VmStk:\t     132 kB
        Threads:\t3
        SigQ:\t7/96365
        Cpus_allowed:\t3

        """

    /// `/proc/2/status` of a kernel thread, in the same way.
    public static let kernelThreadStatus = """
        Name:\tkthreadd
        State:\tS (sleeping)
        Tgid:\t2
        Uid:\t0\t0\t0\t0
        Threads:\t1
        SigQ:\t0/96365

        """

    /// The text of `/proc/self/stat`.
    public static let stat = """
        4711 (gauge (x) y) R 1 4711 4711 0 -1 4194304 1205 0 0 0 250 133 0 0 20 0 3 0 117337 26624000 3800 \
        18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0

        """

    /// `/proc/meminfo`, its beginning.
    public static let meminfo = """
        MemTotal:       24684084 kB
        MemFree:        23889144 kB
        MemAvailable:   24231916 kB
        Buffers:            6936 kB
        HugePages_Total:       0
        Hugepagesize:       2048 kB

        """

    /// The files that `gauge limits` reads of process 4711, without control groups that limit it.
    public static let tree = [
        "proc/4711/limits": limits,
        "proc/4711/status": status,
        "proc/4711/stat": stat,
        "proc/4711/fd/0": "", "proc/4711/fd/1": "", "proc/4711/fd/2": "", "proc/4711/fd/9": "",
        "proc/4711/cgroup": "0::/\n",
        "proc/meminfo": meminfo,
        "proc/sys/fs/file-nr": "479\t0\t2466170\n",
        "proc/sys/fs/nr_open": "1048576\n",
        "proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
        "proc/sys/net/ipv4/ip_local_reserved_ports": "\n",
        "cgroup/cgroup.procs": "",
    ]
}
