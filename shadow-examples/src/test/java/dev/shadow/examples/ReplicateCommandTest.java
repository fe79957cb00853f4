package dev.shadow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.rpc.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicateCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private String source = "";
    private String target = "";
    private String list = "";

    @BeforeEach
    void makeImages() throws IOException {
        byte[] fresh = new byte[1 << 20];
        Arrays.fill(fresh, (byte) 7);
        source = Files.write(directory.resolve("source"), fresh).toString();
        target = Files.write(directory.resolve("target"), new byte[1 << 20]).toString();
        list = directory.resolve("list").toString();
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void copiesTheListedRangesAndSaysSo() throws IOException {
        Files.writeString(Path.of(list), "0 65536\n131072 65536\n");

        int exit = run(
                "replicate",
                "--source",
                source,
                "--target",
                target,
                "--extents",
                list,
                "--durable",
                "--threads",
                "2",
                "--json");

        assertThat(exit).isZero();
        JsonNode result = Json.read(out.toString(), JsonNode.class);
        assertThat(result.get("bytes").asLong()).isEqualTo(131072);
        assertThat(result.get("writtenBytes").asLong()).isEqualTo(131072);
        byte[] expected = new byte[1 << 20];
        Arrays.fill(expected, 0, 65536, (byte) 7);
        Arrays.fill(expected, 131072, 196608, (byte) 7);
        assertThat(Files.readAllBytes(Path.of(target))).isEqualTo(expected);
    }

    @Test
    void copiesEverythingWithoutAList() throws IOException {
        assertThat(run("replicate", "--source", source, "--target", target)).isZero();

        assertThat(out.toString()).startsWith("copied 1 ranges, 1,048,576 bytes (1,048,576 written) in ");
        assertThat(Path.of(target)).hasSameBinaryContentAs(Path.of(source));
    }

    @Test
    void aWrongLineOfTheListIsNamedBeforeAnythingChanges() throws IOException {
        Files.writeString(Path.of(list), "0 65536\n5 5\n");

        assertThat(run("replicate", "--source", source, "--target", target, "--extents", list))
                .isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("shadow replicate: " + list
                        + " line 2 must not begin before the range in front of it ends, at 65536, was offset 5");
        assertThat(Files.readAllBytes(Path.of(target))).containsOnly(0);
    }

    @Test
    void aMissingSourceIsNamed() {
        assertThat(run("replicate", "--source", source + "x", "--target", target))
                .isEqualTo(3);
        assertThat(err.toString()).contains(source + "x").hasLineCount(1);
    }
}
