import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readModelFolder } from "./model-folder.ts";
import { makeModelsFolder } from "./testing/weights-service.ts";

test("the sizes of all files are added up, those behind links once", async () => {
  await using models = await makeModelsFolder();
  const url = await models.write("a", "12345");
  await mkdir(join(url, "deep", "er"), { recursive: true });
  await writeFile(join(url, "deep", "er", "tree.bin"), "1234567890");
  await writeFile(join(models.path, "shared.bin"), "123");
  await symlink("../../shared.bin", join(url, "shared.bin"));
  await symlink("../../shared.bin", join(url, "again.bin"));
  await symlink("..", join(url, "deep", "loop"));
  execFileSync("mkfifo", [join(url, "pipe")]);
  const folder = await readModelFolder(`${url}/`, models.path);
  expect(folder.path).toBe(url);
  expect(folder.bytes).toBe(18);
  expect(folder.loadingBytes).toBe(5 * 10 + 13 * 2);
});

test("a link to a model inside the folder of models is followed", async () => {
  await using models = await makeModelsFolder();
  const url = await models.write("a", "12345");
  await symlink(url, join(models.path, "b"));
  expect(await readModelFolder(join(models.path, "b"), models.path)).toEqual({
    path: url,
    bytes: 5,
    loadingBytes: 50,
  });
});

test("what is not below the folder of models is refused, by name", async () => {
  await using models = await makeModelsFolder();
  const { path } = models;
  await models.write("a", "1");
  for (const url of [
    path,
    `${path}/`,
    `${path}/../models`,
    `${path}/a/../a/model`,
    `${path}-other/a`,
    "/etc",
    "/",
    "a/model",
    "../../etc",
    `file://${path}/a/model`,
    `${path}/a\0/model`,
    `${path}/a%2Fmodel`,
    `${path}/%2e%2e/etc`,
    `${path}/a%5cmodel`,
    `${path}/a%00`,
  ]) {
    await expect(readModelFolder(url, path), url).rejects.toMatchObject({
      name: "InputError",
      code: "MODEL_URL_INVALID",
    });
  }
});

test("a link that leads out is refused, for the folder and within it", async () => {
  await using models = await makeModelsFolder();
  await using elsewhere = await makeModelsFolder();
  const secret = await elsewhere.write("secret", "1");
  const url = await models.write("a", "1");
  await symlink(secret, join(models.path, "out"));
  await symlink(elsewhere.path, join(models.path, "up"));
  await symlink(join(secret, "weight.txt"), join(url, "weights"));
  for (const name of ["out", "up/secret/model", "a/model"]) {
    await expect(readModelFolder(join(models.path, name), models.path)).rejects.toMatchObject({
      code: "MODEL_URL_INVALID",
      message: expect.stringContaining("leads out"),
    });
  }
});

test("a file, a link in a circle and nothing at all are told apart", async () => {
  await using models = await makeModelsFolder();
  const url = await models.write("a", "1");
  await symlink(join(models.path, "circle"), join(models.path, "circle"));
  const read = (name: string) => readModelFolder(join(models.path, name), models.path);
  await expect(read("a/model/weight.txt")).rejects.toThrow("a file; expected a folder");
  await expect(read("circle")).rejects.toThrow("ELOOP");
  await expect(read("b/model")).rejects.toMatchObject({
    status: 404,
    code: "MODEL_FOLDER_MISSING",
  });
  await expect(readModelFolder(`${url}/weight.txt/x`, models.path)).rejects.toMatchObject({
    status: 404,
  });
});
