package dev.shadow.examples.process.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.examples.process.rpc.Json;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessIdentityTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void thisProcessIsAlive() {
        assertThat(ProcessIdentity.current().isAlive()).isTrue();
    }

    @Test
    void numberThatWasGivenToAnotherProcessIsNotTheSameProcess() throws InterruptedException {
        ProcessIdentity current = ProcessIdentity.current();
        ProcessIdentity earlier = new ProcessIdentity(current.pid(), current.started() + " earlier");

        assertThat(earlier.isAlive()).isFalse();
        assertThat(earlier.kill(TIMEOUT, System::nanoTime))
                .as("gone, without a kill of this very test")
                .isTrue();
    }

    @Test
    void killsAndSaysThatItIsGone() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        ProcessIdentity identity = ProcessIdentity.of(process.toHandle());
        assertThat(identity.isAlive()).isTrue();

        assertThat(identity.kill(TIMEOUT, System::nanoTime)).isTrue();
        assertThat(identity.isAlive()).isFalse();
    }

    @Test
    void processThatNobodyWaitedForIsGoneAllTheSame() throws Exception {
        // The shell starts a process that ends at once, and never asks for its end: a zombie as long as the shell
        // lives.
        Process shell = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
        try {
            long child = Long.parseLong(shell.inputReader().readLine().strip());
            ProcessIdentity identity =
                    ProcessIdentity.of(ProcessHandle.of(child).orElseThrow());

            assertThat(identity.kill(TIMEOUT, System::nanoTime)).isTrue();
        } finally {
            shell.destroyForcibly();
        }
    }

    @Test
    void survivesBeingWrittenDown() throws IOException {
        ProcessIdentity identity = ProcessIdentity.current();
        String text = Json.line(identity);

        assertThat(Json.read(text, ProcessIdentity.class)).isEqualTo(identity);
    }
}
