package dev.shadow.spi.failover;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Subscription;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Notices that hosts fail.
 *
 * <p>Asked by the manager's reconcile pass, on its executor; calls may overlap. It watches in the
 * background and answers from what it has seen, so nothing here blocks or fails, and a crash leaves
 * nothing behind: after a restart every host is {@code UNKNOWN} until it has been heard or has missed
 * its deadline.
 */
public interface FailureDetector extends AutoCloseable {
    /** Watches exactly these hosts from now on. */
    void watch(Set<HostId> hosts);

    /** What is held of a host now; {@code UNKNOWN} for one that is not watched. */
    HostHealth health(HostId host);

    /**
     * Delivers every change of verdict, on a thread of the detector; a listener must not block and its
     * exceptions are logged and ignored.
     */
    Subscription subscribe(Consumer<HostHealth> listener);

    /** Stops watching. */
    @Override
    void close();
}
