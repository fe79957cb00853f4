package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TrackedDiskTest {
    private static final InstanceId TARGET = InstanceId.of("b");

    @Test
    void aSessionCannotAttachToATrackingThatWasForgottenMeanwhile() throws IOException {
        SimulatedStorage machine = SimulatedStorage.create();
        StorageFile image = machine.directory("image").open("disk");
        image.resize(4096);
        TrackedDisk disk = TrackedDisk.open(
                new TrackedDisk.Identity(VmId.of("vm"), InstanceId.of("a"), Generation.INITIAL, 4096, 512),
                image,
                machine.directory("state"),
                Lineage.NONE,
                () -> Instant.EPOCH,
                () -> 0);
        Peer found = disk.peer(TARGET);
        disk.forget(TARGET);
        assertThatThrownBy(() -> found.attach(() -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("start the session again");
        disk.peer(TARGET).attach(() -> {});
        assertThat(disk.peers()).containsExactly(TARGET);
    }
}
