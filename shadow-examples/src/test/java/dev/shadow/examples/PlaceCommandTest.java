package dev.shadow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private int place(String instance, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(
                new String[] {
                    "place",
                    "--instance",
                    instance,
                    "--out",
                    directory.resolve("plan").toString()
                },
                0,
                args,
                0,
                5);
        System.arraycopy(more, 0, args, 5, more.length);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void aTextThatIsNoFleetIsRefusedInOneLine() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "# no fleet");

        assertThat(place(text.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("shadow place: " + text + " must be a JSON document")
                .hasLineCount(1);
        assertThat(directory.resolve("plan")).doesNotExist();
    }

    @Test
    void aMissingFleetIsNamed() {
        assertThat(place("/no/such/fleet.json")).isEqualTo(3);
        assertThat(err.toString()).contains("/no/such/fleet.json").hasLineCount(1);
    }

    @Test
    void nonsenseThreadsAreRefused() {
        assertThat(place("/no/such/fleet.json", "--threads", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--threads must be from 1 to 256, was 0");
    }
}
