package dev.shadow.examples.process.host;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One process for good: its number and when it started, since the system gives a number again after the process
 * has ended.
 *
 * @param pid number of the process
 * @param started when it started: on Linux in clock ticks since boot, together with the identity of that boot;
 *     elsewhere as the JDK tells it
 */
public record ProcessIdentity(long pid, String started) {
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Identifies this process. */
    public static ProcessIdentity current() {
        return of(ProcessHandle.current());
    }

    /**
     * Identifies a live process.
     *
     * @throws IllegalStateException if it has ended already, or the system does not say when it started
     */
    public static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(
                process.pid(),
                startOf(process.pid())
                        .orElseThrow(() -> new IllegalStateException(
                                "the system does not say when process " + process.pid() + " started")));
    }

    private static Optional<String> startOf(long pid) {
        if (Files.isReadable(PROC.resolve("self/stat"))) {
            return stat(pid).filter(Stat::isAlive).map(stat -> "boot " + boot() + " tick " + stat.startTick());
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(Object::toString);
    }

    private static String boot() {
        try {
            return Files.readString(BOOT, US_ASCII).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Empty if there is no such process. */
    private static Optional<Stat> stat(long pid) {
        try {
            return Optional.of(Stat.parse(Files.readString(PROC.resolve(pid + "/stat"))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether the process runs: has neither ended nor become a zombie, and its number was not given to another. */
    public boolean isAlive() {
        return startOf(pid).filter(started::equals).isPresent();
    }

    /**
     * Kills the process, which cannot refuse, and waits until it is certainly gone.
     *
     * @param timeout the longest to wait
     * @param nanos a clock for the waiting, in nanoseconds
     * @return whether it is gone
     */
    public boolean kill(Duration timeout, LongSupplier nanos) throws InterruptedException {
        long deadline = nanos.getAsLong() + timeout.toNanos();
        // Not even a handle is made of a number that belongs to another process by now.
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        // A process that is no child of ours tells nobody when it ends, so there is nothing else to wait for.
        CountDownLatch never = new CountDownLatch(1);
        while (isAlive()) {
            if (nanos.getAsLong() >= deadline || never.await(2, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "process " + pid;
    }

    /** What the system says of a process: its state, and when it started. */
    private record Stat(char state, String startTick) {
        /** The name in parentheses may hold blanks and parentheses, so fields are counted from its end. */
        static Stat parse(String text) throws IOException {
            String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
            if (fields.length < 20) {
                throw new IOException("not the state of a process: " + text);
            }
            return new Stat(fields[0].charAt(0), fields[19]);
        }

        boolean isAlive() {
            return state != 'Z' && state != 'X';
        }
    }
}
