package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.FenceException;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.Fencer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The promises of {@link Fencer}. */
public abstract class FencerContract extends SpiContract {
    /** The device under test. */
    protected abstract Fencer fencer();

    /** Starts the primary of the virtual machine and returns its instance. */
    protected abstract InstanceId startPrimary(VmId vm) throws Exception;

    /** The host that primaries are started on. */
    protected abstract HostId host();

    /** Whether the instance can still serve clients or write to its disk. */
    protected abstract boolean servesOrWrites(InstanceId instance) throws Exception;

    /** Takes from the device every way to make sure. */
    protected abstract void makeUnsure() throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final VmId vm = VmId.of("contract-vm");

    @Test
    void confirmedFenceMeansThatTheInstanceNeitherServesNorWrites() throws Exception {
        InstanceId primary = startPrimary(vm);
        assertThat(fencer().fence(vm, primary, host(), context(1)).outcome()).isEqualTo(FenceReport.Outcome.CONFIRMED);
        assertThat(servesOrWrites(primary)).as("serves or writes").isFalse();
    }

    @Test
    void fenceRepeatedIsConfirmedAgain() throws Exception {
        InstanceId primary = startPrimary(vm);
        CallContext context = context(1);
        fencer().fence(vm, primary, host(), context);
        assertThat(fencer().fence(vm, primary, host(), context).outcome()).isEqualTo(FenceReport.Outcome.CONFIRMED);
    }

    @Test
    void doubtIsNeverConfirmed() throws Exception {
        InstanceId primary = startPrimary(vm);
        makeUnsure();
        try {
            assertThat(fencer().fence(vm, primary, host(), context(1, SHORT)).outcome())
                    .isEqualTo(FenceReport.Outcome.UNCONFIRMED);
        } catch (FenceException counts) {
            assertThat(counts.getMessage()).isNotBlank();
        }
    }

    @Test
    void fenceOfAnOlderGenerationCutsNothingOff() throws Exception {
        InstanceId old = startPrimary(vm);
        fencer().fence(vm, old, host(), context(5));
        InstanceId current = startPrimary(vm);
        assertStale(4, () -> fencer().fence(vm, current, host(), context(4)));
        assertThat(servesOrWrites(current)).as("serves or writes").isTrue();
    }

    @Test
    void fencesThatInstanceAlone() throws Exception {
        InstanceId primary = startPrimary(vm);
        InstanceId bystander = startPrimary(VmId.of("other-vm"));
        fencer().fence(vm, primary, host(), context(1));
        assertThat(servesOrWrites(bystander)).as("serves or writes").isTrue();
    }

    @Test
    void fenceDoesNotOutlastItsTimeOut() throws Exception {
        InstanceId primary = startPrimary(vm);
        makeUnsure();
        assertEndsWithin(SHORT, () -> fencer().fence(vm, primary, host(), context(1, SHORT)));
    }
}
