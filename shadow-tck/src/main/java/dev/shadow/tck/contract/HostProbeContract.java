package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.HostId;
import dev.shadow.spi.failover.DetectionException;
import dev.shadow.spi.failover.HostProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The promises of {@link HostProbe}. */
public abstract class HostProbeContract extends SpiContract {
    /** The probe under test. */
    protected abstract HostProbe probe();

    /** A host that answers. */
    protected abstract HostId host();

    /** Kills the host: its address refuses, or stays silent. */
    protected abstract void kill(HostId host) throws Exception;

    /** Lets the host accept and never answer. */
    protected abstract void hang(HostId host) throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void probeOfAHostThatAnswersReturns() throws Exception {
        probe().probe(host(), timeout());
    }

    @Test
    void probeOfADeadHostFails() throws Exception {
        kill(host());
        Assertions.assertThatThrownBy(() -> probe().probe(host(), SHORT)).isInstanceOf(DetectionException.class);
    }

    @Test
    void probeOfAHangingHostFails() throws Exception {
        hang(host());
        Assertions.assertThatThrownBy(() -> probe().probe(host(), SHORT)).isInstanceOf(DetectionException.class);
    }

    @Test
    void failureTellsWhatWasSeen() throws Exception {
        kill(host());
        try {
            probe().probe(host(), SHORT);
        } catch (DetectionException failure) {
            assertThat(failure.getMessage()).isNotBlank();
        }
    }

    @Test
    void probeDoesNotOutlastItsTimeOut() throws Exception {
        hang(host());
        assertEndsWithin(SHORT, () -> probe().probe(host(), SHORT));
    }

    @Test
    void probesMayOverlap() throws Exception {
        List<Callable<Boolean>> probes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            probes.add(() -> {
                probe().probe(host(), timeout());
                return true;
            });
        }
        assertThat(allAtOnce(probes)).containsOnly(true);
    }
}
