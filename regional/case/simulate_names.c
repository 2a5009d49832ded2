#include "regional/case/simulate_names.h"

#include "daemon/core/rand.h"

enum { GIVEN = 16, ADULTS = 8, FAMILIES = 24 };

/* Synthetic, all of them: see the header. */
struct names {
	const char *language;
	const char *girl[GIVEN], *boy[GIVEN];
	const char *woman[ADULTS], *man[ADULTS];
	const char *family[FAMILIES];
};

#define HISPANIC_FAMILIES                                                     \
	{                                                                     \
		"Rivera", "Rodríguez", "Ortiz", "Torres", "Cruz", "Morales",  \
			"Vázquez", "Santiago", "García", "Pérez", "Colón",    \
			"Figueroa", "Maldonado", "Vega", "Núñez", "Castillo", \
			"Flores", "Ramos", "Mejía", "Herrera", "Delgado",     \
			"Peña", "Acosta", "Rosario"                           \
	}

static const struct names names[TONGUES] = {
	[TONGUE_ENGLISH] = {"english",
			    {"Emma", "Olivia", "Ava", "Zoe", "Mia", "Charlotte",
			     "Naomi", "Harper", "Ella", "Imani", "Aaliyah",
			     "Hannah", "Kayla", "Abigail", "Lily", "Nia"},
			    {"Liam", "Noah", "James", "Elijah", "Lucas",
			     "Mason", "Ethan", "Isaiah", "Aiden", "Caleb",
			     "Malik", "Owen", "Henry", "Andre", "Jordan",
			     "Benjamin"},
			    {"Jennifer", "Ashley", "Nicole", "Danielle",
			     "Keisha", "Erin", "Megan", "Tanya"},
			    {"Michael", "David", "Marcus", "Kevin", "Brian",
			     "Andrew", "Darnell", "Robert"},
			    {"Smith",  "Johnson",  "Williams", "Brown",
			     "Jones",  "Davis",	   "Miller",   "Wilson",
			     "Taylor", "Thomas",   "Moore",    "Harris",
			     "Clark",  "Lewis",	   "Robinson", "Walker",
			     "Allen",  "Wright",   "Sullivan", "Murphy",
			     "Russo",  "Campbell", "Mitchell", "Roberts"}},
	[TONGUE_PORTUGUESE] =
		{"portuguese",
		 {"Beatriz", "Larissa", "Júlia", "Camila", "Letícia", "Luana",
		  "Isadora", "Mariana", "Clara", "Bruna", "Rafaela", "Alice",
		  "Manuela", "Lorena", "Vitória", "Helena"},
		 {"João", "Pedro", "Gustavo", "Rafael", "Tiago", "Mateus",
		  "Felipe", "Caio", "Bruno", "Vinícius", "Davi", "Leandro",
		  "Heitor", "Murilo", "Enzo", "Otávio"},
		 {"Fernanda", "Patrícia", "Aline", "Renata", "Simone",
		  "Vanessa", "Cláudia", "Adriana"},
		 {"Paulo", "Marcelo", "Rodrigo", "Fábio", "Sérgio", "Ricardo",
		  "André", "Carlos"},
		 {"Silva",    "Santos",	 "Oliveira", "Souza",	 "Pereira",
		  "Ferreira", "Almeida", "Costa",    "Carvalho", "Gomes",
		  "Martins",  "Ribeiro", "Barbosa",  "Rocha",	 "Teixeira",
		  "Correia",  "Moreira", "Cardoso",  "Nogueira", "Fonseca",
		  "Batista",  "Freitas", "Moura",    "Borges"}},
	[TONGUE_POLISH] =
		{"polish",
		 {"Zofia", "Hanna", "Maja",
		  "Lena", "Alicja", "Oliwia", "Amelia", "Wiktoria", "Nadia",
		  "Kinga", "Marta", "Julia", "Gabriela", "Ola", "Ania", "Ewa"},
		 {"Jakub", "Szymon", "Filip", "Kacper", "Adam",
		  "Wojciech", "Marcel", "Mikołaj", "Igor", "Dawid",
		  "Oskar", "Patryk", "Kamil", "Leon", "Tymon", "Maks"},
		 {"Agnieszka", "Monika", "Katarzyna", "Beata", "Joanna",
		  "Iwona", "Dorota", "Magda"},
		 {"Piotr", "Tomasz", "Marek", "Krzysztof", "Paweł", "Robert",
		  "Grzegorz", "Dariusz"},
		 {"Nowak",     "Kowalski",  "Lewandowski", "Dąbrowski",
		  "Zieliński", "Szymański", "Woźniak",	   "Kozłowski",
		  "Jankowski", "Mazur",	    "Krawczyk",	   "Piotrowski",
		  "Grabowski", "Pawłowski", "Michalski",   "Król",
		  "Wieczorek", "Wróbel",    "Stępień",	   "Górski",
		  "Duda",      "Sikora",    "Baran",	   "Pietrzak"}},
	[TONGUE_HAITIAN] =
		{"haitian-creole",
		 {"Nadège", "Fabiola", "Guerline", "Mirlande", "Islande",
		  "Roseline", "Naïka", "Darline", "Lovely", "Esther",
		  "Ruth", "Widline", "Judeline", "Bianca", "Kerline", "Ketsia"},
		 {"Jean", "Wilner", "Stanley", "Kervens", "Peterson", "Jimmy",
		  "Widlin", "Ricardo", "Frantz", "Woodley", "Evens",
		  "Dieudonné", "Samuel", "Jude", "Rony", "Carlens"},
		 {"Marie", "Yolande", "Mireille", "Ginette", "Carline",
		  "Nadine", "Rose", "Magalie"},
		 {"Pierre", "Jacques", "Emmanuel", "Reginald", "Gérard", "Yves",
		  "Claude", "Fritz"},
		 {"Pierre",    "Jean-Baptiste", "Joseph",   "Charles",
		  "Louis",     "François",	"Désir",    "Augustin",
		  "Toussaint", "Étienne",	"Dorvil",   "Cadet",
		  "Saintil",   "Belizaire",	"Lafleur",  "Celestin",
		  "Noël",      "Fleurant",	"Jules",    "Moïse",
		  "Alcide",    "Petit-Frère",	"Duverger", "Estimé"}},
	[TONGUE_ARABIC] = {"arabic",
			   {"Fatima", "Layla", "Mariam", "Yasmin", "Salma",
			    "Nour", "Huda", "Rania", "Amina", "Lina", "Sara",
			    "Zainab", "Dina", "Aya", "Hala", "Maha"},
			   {"Omar", "Yusuf", "Ali", "Hassan", "Karim", "Ahmed",
			    "Bilal", "Tariq", "Sami", "Ibrahim", "Khalid",
			    "Ziad", "Amir", "Rami", "Adnan", "Faris"},
			   {"Samira", "Nadia", "Khadija", "Rasha", "Iman",
			    "Leila", "Suha", "Wafa"},
			   {"Mahmoud", "Mustafa", "Walid", "Nabil", "Jamal",
			    "Samir", "Hisham", "Fadi"},
			   {"Haddad", "Khoury",	 "Nasser",  "Saleh",  "Mansour",
			    "Aziz",   "Hamdan",	 "Khalil",  "Najjar", "Sabbagh",
			    "Rahman", "Darwish", "Shaheen", "Qasim",  "Barakat",
			    "Tawfiq", "Odeh",	 "Mubarak", "Zaki",   "Farouk",
			    "Habib",  "Jaber",	 "Salman",  "Younes"}},
	[TONGUE_VIETNAMESE] =
		{"vietnamese",
		 {"Linh", "Mai", "Thảo", "Hương", "Ngọc", "Lan", "Trang", "Vy",
		  "Thu", "Quyên", "Yến", "Hạnh", "Diệu", "Kim", "My", "Nhi"},
		 {"Minh", "Huy", "Khoa", "Nam", "Phúc", "Quân", "Sơn", "Tuấn",
		  "Việt", "Bảo", "Đức", "Khang", "Long", "Thiện", "Hiếu", "An"},
		 {"Hoa", "Phượng", "Loan", "Nga", "Thủy", "Hiền", "Tuyết",
		  "Xuân"},
		 {"Dũng", "Hùng", "Thắng", "Cường", "Bình", "Hải", "Tâm",
		  "Trung"},
		 {"Nguyễn", "Trần", "Lê",    "Phạm", "Huỳnh", "Hoàng",
		  "Phan",   "Vũ",   "Võ",    "Đặng", "Bùi",   "Đỗ",
		  "Hồ",	    "Ngô",  "Dương", "Lý",   "Đinh",  "Trương",
		  "Mai",    "Tô",   "Lâm",   "Cao",  "Tạ",    "Châu"}},
	[TONGUE_OTHER] = {"other",
			  {"Mei", "Ana", "Priya", "Elira", "Oksana", "Sofiya",
			   "Ayesha", "Zahra", "Neha", "Xin", "Amara", "Farah",
			   "Daria", "Anjali", "Halima", "Yuna"},
			  {"Wei", "Arben", "Rohan", "Taras", "Imran", "Arjun",
			   "Bogdan", "Jun", "Kofi", "Danylo", "Usman", "Ilir",
			   "Kwame", "Ivan", "Hao", "Rahim"},
			  {"Li", "Sunita", "Olena", "Teuta", "Shabnam", "Min",
			   "Adwoa", "Nargis"},
			  {"Chen", "Rajesh", "Andriy", "Agim", "Tahir", "Dong",
			   "Yaw", "Hamid"},
			  {"Chen",    "Patel",	   "Hoxha",   "Kovalenko",
			   "Khan",    "Wang",	   "Sharma",  "Shevchenko",
			   "Mensah",  "Liu",	   "Begum",   "Krasniqi",
			   "Singh",   "Zhang",	   "Osei",    "Hussain",
			   "Melnyk",  "Gupta",	   "Ahmadi",  "Yang",
			   "Boateng", "Chowdhury", "Berisha", "Petrov"}},
	[TONGUE_SPANISH] = {"spanish",
			    {"Valentina", "Camila", "Ximena", "Luciana",
			     "Daniela", "Mariana", "Alondra", "Jimena", "Paola",
			     "Yaretzi", "Carmen", "Lucía", "Guadalupe",
			     "Isabel", "Fernanda", "Noemí"},
			    {"Santiago", "Mateo", "Diego", "Emiliano", "Ángel",
			     "José", "Alejandro", "Luis", "Carlos", "Javier",
			     "Andrés", "Iker", "Miguel", "Julián", "Joaquín",
			     "Rubén"},
			    {"María", "Yolanda", "Rosa", "Maribel", "Claudia",
			     "Leticia", "Marisol", "Ana"},
			    {"Juan", "Pedro", "Héctor", "Ramón", "Jorge",
			     "Francisco", "Rafael", "Manuel"},
			    HISPANIC_FAMILIES},
	[TONGUE_HISPANIC] = {"english",
			     {"Sofia", "Isabella", "Mia", "Gabriella", "Ariana",
			      "Natalie", "Jasmine", "Elena", "Leilani",
			      "Angelina", "Bella", "Nevaeh", "Julianna", "Aria",
			      "Destiny", "Selena"},
			     {"Angel", "Christian", "Adrian", "Gabriel",
			      "Xavier", "Jayden", "Anthony", "Julian",
			      "Jeremiah", "Sebastian", "Dominic",
			      "Nathaniel", "Joel", "Isaac", "Victor", "Elias"},
			     {"Jessica", "Melissa", "Vanessa", "Jasmine",
			      "Cynthia", "Diana", "Monica", "Angela"},
			     {"Anthony", "Edwin", "Hector", "Luis", "Orlando",
			      "Nelson", "Eric", "Victor"},
			     HISPANIC_FAMILIES},
};

const char *simulate_names_language(enum simulate_tongue t)
{
	return names[t].language;
}

const char *simulate_names_child(enum simulate_tongue t, bool girl,
				 struct rng *rng)
{
	int k = (int)rand_below(rng, GIVEN);

	return girl ? names[t].girl[k] : names[t].boy[k];
}

const char *simulate_names_adult(enum simulate_tongue t, bool woman,
				 struct rng *rng)
{
	int k = (int)rand_below(rng, ADULTS);

	return woman ? names[t].woman[k] : names[t].man[k];
}

const char *simulate_names_family(enum simulate_tongue t, struct rng *rng)
{
	return names[t].family[rand_below(rng, FAMILIES)];
}
