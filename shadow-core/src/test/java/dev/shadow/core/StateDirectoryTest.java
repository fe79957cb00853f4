package dev.shadow.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport.Outcome;
import dev.shadow.tck.fake.FakeHypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Managers that keep their records in a directory. */
class StateDirectoryTest {
    private final Drill drill = new Drill();

    @TempDir
    private Path scratch;

    private ShadowManager on(Path directory) {
        HostProcess process = HostProcess.unharmed();
        ShadowManager manager = drill.wired(process)
                .stateDirectory(directory)
                .clock(drill.time)
                .executor(new Silent(process, drill.time))
                .build();
        manager.subscribe(drill.events::add);
        return manager;
    }

    @Test
    void isMadeAndARestartGoesOnFromIt() {
        Path directory = scratch.resolve("a/b");
        ShadowManager first = on(directory);
        first.apply(drill.profile().build());
        first.start();
        assertThat(drill.within(Drill.LONG, () -> drill.ready(first, 1))).isTrue();
        var before = Drill.only(first.replicas(drill.vm));
        first.close();

        ShadowManager second = on(directory);
        assertThat(second.profiles()).containsExactly(drill.profile().build());
        assertThat(second.replicas(drill.vm)).extracting(r -> r.id()).containsExactly(before.id());
        second.start();
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(drill.fleet.hypervisor().faults().calls(FakeHypervisor.Call.CREATE))
                .isEqualTo(1);
        assertThat(drill.failedOver(second).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(second.primary(drill.vm).orElseThrow().instance()).isEqualTo(before.id());
        second.close();
    }

    @Test
    void belongsToOneManagerAtATime() {
        Path directory = scratch.resolve("state");
        ShadowManager first = on(directory);
        assertThatThrownBy(() -> on(directory))
                .isInstanceOf(InvalidSetupException.class)
                .hasMessageContaining(directory.toString());
        first.apply(drill.profile().build());
        assertThat(first.profiles()).as("the first one is not disturbed").hasSize(1);
        first.close();
        on(directory).close();
    }

    @Test
    void isRefusedWhenItIsAFile() throws IOException {
        Path file = Files.createFile(scratch.resolve("file"));
        assertThatThrownBy(() -> on(file))
                .isInstanceOf(InvalidSetupException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void endsEveryUseOfItWhenTheManagerCloses() {
        ShadowManager manager = on(scratch.resolve("state"));
        manager.apply(drill.profile().build());
        manager.start();
        manager.close();
        drill.time.advance(Duration.ofMinutes(1));
        assertThat(drill.events(ShadowEvent.HostsSelected.class)).isEmpty();
        assertThatThrownBy(() -> manager.replicas(drill.vm)).isInstanceOf(ControlPlaneException.class);
        assertThatThrownBy(() -> manager.apply(drill.profile().build())).isInstanceOf(IllegalStateException.class);
    }
}
